import type { Clock } from '../base/clock.ts';
import type { MonotonicMs } from '../base/time.ts';

/** Rates are those of so long: cameras are read in turns, and send in bursts. */
const WINDOW_MS = 10_000;
/** What was counted longer ago tells nothing of now. */
const LONGEST_PAUSE_MS = 30_000;

interface Sample {
  readonly atMs: MonotonicMs;
  readonly counts: ReadonlyMap<string, number>;
}

/** Makes rates of counts that only grow. */
export class Rates {
  readonly #clock: Clock;
  /** The oldest first; they reach back as long as the window, or to the one before the last. */
  #samples: readonly Sample[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes all that is counted now. */
  count(counts: ReadonlyMap<string, number>): void {
    const atMs = this.#clock.monotonicMs();
    const last = this.#samples.at(-1);
    const isRecent = last !== undefined && atMs - last.atMs <= LONGEST_PAUSE_MS;
    const known = isRecent ? this.#samples : [];
    const within = known.filter((sample) => sample === last || atMs - sample.atMs <= WINDOW_MS);
    this.#samples = [...within, { atMs, counts }];
  }

  /** @returns how much is added in a second; null where it is not known, such as for a count that has begun anew. */
  of(key: string): number | null {
    const told = this.#samples.flatMap(({ atMs, counts }) => {
      const count = counts.get(key);
      return count === undefined ? [] : [{ atMs, count }];
    });
    const [from, to] = [told[0], told.at(-1)];
    if (from === undefined || to === undefined || to.atMs <= from.atMs || to.count < from.count) return null;
    return ((to.count - from.count) * 1_000) / (to.atMs - from.atMs);
  }
}
