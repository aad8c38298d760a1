import type { Clock } from '../base/clock.ts';
import { wallMs, type MonotonicMs, type WallMs } from '../base/time.ts';

const DAY_MS = 86_400_000;

/** A recorder may have been off for this long without anybody's doubting the clock; twice as fast is how doubt ends. */
const PLAUSIBLE_LEAP_MS = 7 * DAY_MS;
const CATCH_UP_SPEED = 2;

/** The time as retention reckons with it. */
export interface RetentionTime {
  /** The host's clock. */
  readonly wallMs: WallMs;
  /** At which recordings are as old as the rules of age take them; never after `wallMs`. */
  readonly ageWallMs: WallMs;
  /**
   * Undefined where the host's clock is credible. Otherwise it stands far before times that were seen already, and what
   * was recorded from this moment on was recorded before, by a clock that went otherwise.
   */
  readonly futureFromWallMs: WallMs | undefined;
}

/**
 * Lets recordings age, and no faster than can be believed: a host's clock that leaps by years must not delete an archive.
 * Time that passes while it looks on counts at most twice; time while nobody looked on (the recorder was off) counts up
 * to a week, and what was longer is caught up with at that speed. See design/retention.md.
 */
export class AgeClock {
  readonly #clock: Clock;
  #agedTo: WallMs;
  #readAt: MonotonicMs;

  /** @param agedTo how far it had come when somebody looked on last; undefined for an archive without a history. */
  constructor(clock: Clock, agedTo: WallMs | undefined) {
    this.#clock = clock;
    this.#readAt = clock.monotonicMs();
    const wall = clock.wallMs();
    this.#agedTo = agedTo === undefined || isPlausible(wall - agedTo) ? wall : agedTo;
  }

  /** To be told to the next one. Never goes back, while the host's clock may. */
  get agedTo(): WallMs {
    return this.#agedTo;
  }

  read(): RetentionTime {
    const wall = this.#clock.wallMs();
    const at = this.#clock.monotonicMs();
    const reachable = this.#agedTo + CATCH_UP_SPEED * (at - this.#readAt);
    this.#readAt = at;
    this.#agedTo = wallMs(Math.max(this.#agedTo, Math.min(wall, reachable)));
    const isBehind = this.#agedTo - wall > PLAUSIBLE_LEAP_MS;
    return {
      wallMs: wall,
      ageWallMs: wallMs(Math.min(wall, this.#agedTo)),
      futureFromWallMs: isBehind ? wallMs(wall + PLAUSIBLE_LEAP_MS) : undefined,
    };
  }
}

function isPlausible(leapMs: number): boolean {
  return leapMs >= 0 && leapMs <= PLAUSIBLE_LEAP_MS;
}
