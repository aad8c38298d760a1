import { RECORDING_MODES, type RecordingMode } from '../config/recording-mode.ts';

/**
 * What the recorder itself says of a gap beside its cause. It is kept and logged as a sentence, which is read back for pages in
 * other languages; what a camera, a disk or another program has said stays as it is.
 */
export type GapDetail =
  | PlainDetail
  /** The recorder itself did nothing for so long. */
  | { readonly kind: 'held-up'; readonly lateMs: number }
  /** The host's clock was set; back where it is negative. */
  | { readonly kind: 'clock-set'; readonly byMs: number }
  | { readonly kind: 'mode'; readonly mode: RecordingMode };

/** Of a kind that says all. */
interface PlainDetail {
  readonly kind: keyof typeof SENTENCES;
}

const SENTENCES = {
  'no-picture': 'no picture came',
  unconfirmed: 'nothing was confirmed to be on the disk',
  lost: 'packets were lost',
  damaged: 'pictures came damaged',
  oversized: 'pictures were too large',
  malformed: 'packets were malformed',
  'no-parameter-sets': 'pictures came without their parameter sets',
  'not-configured': 'not in the configuration',
  'new-settings': 'with new settings',
} as const;

/** The kinds that say all. */
export const PLAIN_GAP_KINDS = Object.keys(SENTENCES) as readonly PlainDetail['kind'][];

const HELD_UP = /^the recorder was held up for (\d+\.\d) s$/;
const CLOCK_SET = /^the host's clock was set (forward|back) by (\d+\.\d) s$/;
const MODE = /^mode (\S+)$/;

export function describeGapDetail(detail: GapDetail): string {
  if (isPlain(detail)) return SENTENCES[detail.kind];
  switch (detail.kind) {
    case 'held-up':
      return `the recorder was held up for ${seconds(detail.lateMs)} s`;
    case 'clock-set':
      return `the host's clock was set ${detail.byMs < 0 ? 'back' : 'forward'} by ${seconds(detail.byMs)} s`;
    case 'mode':
      return `mode ${detail.mode}`;
    default:
      return detail satisfies never;
  }
}

/** @returns undefined for what is not the recorder's own. */
export function readGapDetail(text: string): GapDetail | undefined {
  const plain = PLAIN_GAP_KINDS.find((kind) => SENTENCES[kind] === text);
  if (plain !== undefined) return { kind: plain };
  const lateS = HELD_UP.exec(text)?.[1];
  if (lateS !== undefined) return { kind: 'held-up', lateMs: 1_000 * Number(lateS) };
  const [, direction, byS] = CLOCK_SET.exec(text) ?? [];
  if (byS !== undefined)
    return { kind: 'clock-set', byMs: (direction === 'back' ? -1_000 : 1_000) * Number(byS) };
  const mode = RECORDING_MODES.find((one) => one === MODE.exec(text)?.[1]);
  return mode === undefined ? undefined : { kind: 'mode', mode };
}

function isPlain(detail: GapDetail): detail is PlainDetail {
  return Object.hasOwn(SENTENCES, detail.kind);
}

function seconds(ms: number): string {
  return (Math.abs(ms) / 1_000).toFixed(1);
}
