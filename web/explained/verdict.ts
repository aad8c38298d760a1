import type { MomentFacts, MomentPicture } from '../../src/http/api/moment.ts';

/** Why there was or was not an event at a moment. */
export type Verdict =
  | { readonly kind: 'event' | 'pre-roll' | 'not-looking' | 'policy' | 'not-recorded' | 'unknown' }
  /** What the detector makes of the recording now. */
  | { readonly kind: 'too-little' | 'enough'; readonly highest: number; readonly needed: number };

/** So far from the moment what moved may be what is asked about. */
const NEAR_MS = 2_500;

/** @param pictures undefined as long as not all have come. */
export function verdictOf(
  atMs: number,
  { event, mode, isRecorded, gap }: MomentFacts,
  pictures: readonly MomentPicture[] | undefined,
): Verdict | undefined {
  if (event !== null) return { kind: atMs < event.triggerMs ? 'pre-roll' : 'event' };
  if (!mode.endsWith('motion')) return { kind: 'not-looking' };
  if (!isRecorded) return { kind: gap?.cause === 'policy' ? 'policy' : 'not-recorded' };
  if (pictures === undefined) return undefined;
  const near = pictures.filter(({ wallMs }) => Math.abs(wallMs - atMs) <= NEAR_MS);
  const [first] = near;
  if (first === undefined) return { kind: 'unknown' };
  const highest = Math.max(...near.map(({ score }) => score));
  const kind = near.some(({ isMotion }) => isMotion) ? 'enough' : 'too-little';
  return { kind, highest, needed: first.neededScore };
}
