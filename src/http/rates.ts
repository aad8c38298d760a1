import type { Clock } from '../base/clock.ts';
import type { MonotonicMs } from '../base/time.ts';

/** What was counted longer ago tells nothing of now. */
const LONGEST_MS = 30_000;

interface Sample {
  readonly atMs: MonotonicMs;
  readonly counts: ReadonlyMap<string, number>;
}

/** Makes rates of counts that only grow. */
export class Rates {
  readonly #clock: Clock;
  #before: Sample | undefined;
  #now: Sample | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes all that is counted now. */
  count(counts: ReadonlyMap<string, number>): void {
    const atMs = this.#clock.monotonicMs();
    const isRecent = this.#now !== undefined && atMs - this.#now.atMs <= LONGEST_MS;
    this.#before = isRecent ? this.#now : undefined;
    this.#now = { atMs, counts };
  }

  /** @returns how much is added in a second; null where it is not known, such as for a count that has begun anew. */
  of(key: string): number | null {
    const [before, now] = [this.#before, this.#now];
    const [from, to] = [before?.counts.get(key), now?.counts.get(key)];
    if (before === undefined || now === undefined || from === undefined || to === undefined) return null;
    return to < from || now.atMs <= before.atMs ? null : ((to - from) * 1_000) / (now.atMs - before.atMs);
  }
}
