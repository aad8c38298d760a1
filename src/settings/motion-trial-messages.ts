import type { OrderFailed } from '../base/take-order.ts';
import type { Verdict } from '../lab/compare-events.ts';

/* What the web server and the process of a trial say to each other over the channel between them. */

/** Comes first, and is all that is told. */
export interface MotionTrialOrder {
  readonly configPath: string;
  readonly configFlags: readonly string[];
  /** What the configuration's file would hold. */
  readonly triedText: string;
  readonly camera: string;
  /** Recordings between these moments, in ms since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TrialSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Events that share moments, with the settings in force and with those that were tried. */
export interface TrialRow {
  readonly verdict: Exclude<Verdict, 'same'>;
  readonly present: readonly TrialSpan[];
  readonly tried: readonly TrialSpan[];
}

export interface TrialResult {
  readonly counts: Readonly<Record<Verdict, number>>;
  /** The newest first, `MOST_ROWS` at most. */
  readonly rows: readonly TrialRow[];
  readonly files: number;
  readonly mediaMs: number;
  /** Of files that were left out. */
  readonly failures: readonly string[];
}

export type FromMotionTrial =
  /** 0..1 */
  | { readonly type: 'progress'; readonly share: number }
  /** One of these comes last. */
  | { readonly type: 'result'; readonly result: TrialResult }
  | OrderFailed;

export const MOST_ROWS = 500;
const MOST_FAILURES = 50;

/** What is told of a comparison. */
export function trialResult(
  compared: readonly {
    readonly verdict: Verdict;
    readonly present: readonly TrialSpan[];
    readonly tried: readonly TrialSpan[];
  }[],
  { files, mediaMs, failures }: Pick<TrialResult, 'files' | 'mediaMs' | 'failures'>,
): TrialResult {
  const counts = { same: 0, changes: 0, appears: 0, vanishes: 0 };
  for (const { verdict } of compared) counts[verdict]++;
  const rows = compared
    .flatMap(({ verdict, present, tried }) => (verdict === 'same' ? [] : [{ verdict, present, tried }]))
    .toReversed()
    .slice(0, MOST_ROWS);
  return { counts, rows, files, mediaMs, failures: failures.slice(0, MOST_FAILURES) };
}
