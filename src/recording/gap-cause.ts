import type { GapCause } from '../db/records.ts';
import type { RunEnd } from '../media/run.ts';
import type { MediaProblem } from '../rtsp/media-problem.ts';
import type { RtspErrorKind } from '../rtsp/error.ts';
import { describeGapDetail, type GapDetail } from './gap-detail.ts';
import type { Reason } from './missing-time.ts';

const CAUSES: Readonly<Record<RtspErrorKind | 'clock-jump' | 'stopped', GapCause>> = {
  connect: 'unreachable',
  // Connected, and no answer or no media.
  timeout: 'stalled',
  stall: 'stalled',
  alien: 'camera',
  protocol: 'camera',
  auth: 'camera',
  refused: 'camera',
  closed: 'camera',
  unsupported: 'camera',
  // A jump of the camera's time.
  media: 'clock',
  'clock-jump': 'clock',
  stopped: 'shutdown',
};

/** Why there is no footage after a run, or an attempt at one, has ended so. */
export function reasonOfEnd({ kind, message }: RunEnd): Reason {
  return { cause: isKnown(kind) ? CAUSES[kind] : 'camera', detail: message };
}

/** Failures that are a wait in vain: they were there from the beginning of the wait on. The others come at once. */
const WAITED: ReadonlySet<string> = new Set(['connect', 'timeout', 'stall'] satisfies RtspErrorKind[]);

/** Since when a stream is away for this reason, in ms ago. @param awayForMs since the attempt began. */
export function awaySinceMs({ kind }: RunEnd, awayForMs: number): number {
  return WAITED.has(kind) ? awayForMs : 0;
}

function isKnown(kind: string): kind is keyof typeof CAUSES {
  return Object.hasOwn(CAUSES, kind);
}

/** Of problems that make holes in a camera's footage; the others end the run, or concern sound alone. */
const TROUBLES: Readonly<Partial<Record<MediaProblem['kind'], GapDetail>>> = {
  lost: { kind: 'lost' },
  resynchronized: { kind: 'lost' },
  damaged: { kind: 'damaged' },
  oversized: { kind: 'oversized' },
  malformed: { kind: 'malformed' },
  'awaiting-key': { kind: 'no-parameter-sets' },
};

/** How a problem with a camera's media makes holes in its footage; undefined if it makes none. */
export function troubleOf(problem: MediaProblem): string | undefined {
  // Whoever joins a stream waits for a key picture.
  if (problem.kind === 'awaiting-key' && problem.reason === 'key') return undefined;
  const trouble = TROUBLES[problem.kind];
  return trouble && describeGapDetail(trouble);
}
