import type { Log } from '../base/log.ts';
import type { MonotonicMs } from '../base/time.ts';
import type { MediaProblem } from './media-problem.ts';

/** A track with trouble writes one line in this time, however much trouble. */
const INTERVAL_MS = 10_000;

/** Gathers the problems of one track and writes a summary now and then, so that a bad link does not flood the log. */
export class ProblemLog {
  readonly #log: Log;
  readonly #counts = new Map<string, number>();
  #firstSequence: number | undefined;
  #lastReason = '';
  #isSerious = false;
  #writtenMs: number | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  note(problem: MediaProblem): void {
    const what = NAMES[problem.kind];
    const count = problem.kind === 'lost' ? problem.count : 1;
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
    this.#isSerious ||= !USUAL.includes(problem.kind);
    if ('sequence' in problem) this.#firstSequence ??= problem.sequence;
    if ('reason' in problem) this.#lastReason = problem.reason;
  }

  /** Writes what was gathered if the last line is long enough ago, or `isLast`. */
  write(nowMs: MonotonicMs, isLast = false): void {
    if (this.#counts.size === 0) return;
    if (!isLast && this.#writtenMs !== undefined && nowMs - this.#writtenMs < INTERVAL_MS) return;
    const summary = [...this.#counts].map(([what, count]) => `${count} ${what}`).join(', ');
    const fields = {
      ...(this.#firstSequence === undefined ? {} : { firstSequence: this.#firstSequence }),
      ...(this.#lastReason === '' ? {} : { lastReason: this.#lastReason }),
    };
    if (this.#isSerious) this.#log.warn(`trouble with the media: ${summary}`, fields);
    else this.#log.debug(`in the media: ${summary}`, fields);
    this.#writtenMs = nowMs;
    this.#counts.clear();
    this.#isSerious = false;
    this.#firstSequence = undefined;
    this.#lastReason = '';
  }
}

/** What happens with healthy cameras too: joining amid a GOP, sound that starts out of step. */
const USUAL: readonly MediaProblem['kind'][] = ['awaiting-key', 'realigned'];

/** How a summary calls a problem, after its count. */
const NAMES: Readonly<Record<MediaProblem['kind'], string>> = {
  lost: 'packets lost',
  damaged: 'access units dropped for missing parts',
  oversized: 'access units dropped for their size',
  malformed: 'malformed packets ignored',
  resynchronized: 'new packet sequences begun by the camera',
  'awaiting-key': 'waits for a key picture',
  'time-jump': 'jumps of the media clock',
  realigned: 'realignments of sound',
  bye: 'goodbyes of the camera',
};
