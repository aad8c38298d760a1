import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { MonotonicMs } from '../base/time.ts';

const REPEATED_AFTER_MS = 24 * 3_600_000;

/** Tells what goes on being wrong when it begins, once a day while it lasts, and when it is over. */
export class StandingTroubles {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #told = new Map<string, { readonly message: string; readonly at: MonotonicMs }>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** @param troubles all there are now: message by subject. */
  tell(troubles: ReadonlyMap<string, string>): void {
    const at = this.#clock.monotonicMs();
    for (const [subject, { message }] of this.#told) {
      if (troubles.has(subject)) continue;
      this.#told.delete(subject);
      this.#log.info(`no longer: ${message}`);
    }
    for (const [subject, message] of troubles) {
      const before = this.#told.get(subject);
      if (before !== undefined && at - before.at < REPEATED_AFTER_MS) continue;
      this.#told.set(subject, { message, at });
      this.#log.error(message);
    }
  }
}
