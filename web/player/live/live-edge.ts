/** What keeps a player so close to the newest picture as its stream and its network allow. */

export type Steering =
  /** Plays on at this rate. */
  | { readonly kind: 'rate'; readonly rate: number }
  /** Too far behind to catch up by playing faster. */
  | { readonly kind: 'jump' };

/** At least so much is kept in hand: from what is shown to the end of what has come. */
const LEAST_MS = 45;
/**
 * A picture has to come before the one before it ends: so much before at first, so much more than the latest ones came late
 * as soon as that is known, within bounds.
 */
const MARGIN_MS = { first: 20, more: 6, least: 10, most: 40 } as const;
/** What came late long ago counts for less: half of it after so long. */
const LATE_HALF_LIFE_MS = 10_000;
/** Farther behind than that, it jumps. */
const JUMP_MS = 1_000;
/**
 * Nearer than that, it is left alone, for each change of the rate costs the browser something; once it is corrected, it is so
 * until nothing is left.
 */
const CALM_MS = 5;
/** How fast what is missing is made up for: in so many milliseconds. */
const CORRECTION_MS = 1_500;
const SLOWEST = 0.9;
const FASTEST = 1.15;
const RATE_STEP = 0.02;
/** What is in hand rises and falls with each picture; this much of a new measurement counts. */
const SMOOTHING = 0.2;
/**
 * After the stream ran dry more is kept in hand: as long as it was dry, at most so much for one time and for all; half of it is given
 * up again in so long.
 */
const DRY_MS = { once: 100, most: 600, halfLife: 10_000 } as const;

/**
 * Decides from what is in hand whenever a picture has come. The target grows with the time between pictures, with how
 * unevenly they come, and where the network lets the stream run dry, and shrinks again.
 */
export class LiveEdge {
  #intervalMs = 40;
  readonly #late = new Fading(LATE_HALF_LIFE_MS);
  readonly #extra = new Fading(DRY_MS.halfLife);
  /** What is in hand when a picture comes that is not late. */
  #smoothedMs: number | undefined;
  #steeredAtMs = 0;
  #rate = 1;
  /** 1 while it plays faster, -1 while it plays slower. */
  #correcting: -1 | 0 | 1 = 0;

  /** Between two pictures, as the stream tells it. */
  setIntervalMs(intervalMs: number): void {
    this.#intervalMs = intervalMs;
  }

  targetMs(nowMs: number): number {
    const neededMs = this.#late.at(nowMs) + MARGIN_MS.more;
    const marginMs = Math.min(MARGIN_MS.most, Math.max(MARGIN_MS.least, neededMs));
    return Math.max(LEAST_MS, this.#intervalMs + marginMs) + this.#extra.at(nowMs);
  }

  /**
   * The stream ran dry: nothing was left to show.
   * @param dryMs for so long: so much more in hand would have done.
   */
  ranDry(dryMs: number, nowMs: number): void {
    this.#forgetEvenness(nowMs);
    const [targetMs, extraMs] = [this.targetMs(nowMs), this.#extra.at(nowMs)];
    const hadMs = Math.min(this.#smoothedMs ?? targetMs, targetMs);
    const missingMs = hadMs + Math.min(DRY_MS.once, dryMs) - targetMs;
    if (missingMs > 0) this.#extra.set(Math.min(DRY_MS.most, extraMs + missingMs), nowMs);
  }

  /** Something is shown from now on, the first thing or another one: measurements so far do not count. */
  restart(nowMs: number): void {
    this.#smoothedMs = undefined;
    this.#rate = 1;
    this.#correcting = 0;
    this.#forgetEvenness(nowMs);
  }

  /** @param inHandMs from what is shown to the end of what has come, measured when a picture came. */
  steer(inHandMs: number, nowMs: number): Steering {
    const lateMs = this.#measure(inHandMs, nowMs);
    if (lateMs > this.#late.at(nowMs)) this.#late.set(Math.min(lateMs, MARGIN_MS.most), nowMs);
    const targetMs = this.targetMs(nowMs);
    if (inHandMs > targetMs + JUMP_MS) return { kind: 'jump' };
    const tooMuchMs = (this.#smoothedMs ?? inHandMs) - targetMs;
    if (Math.abs(tooMuchMs) >= CALM_MS) this.#correcting = tooMuchMs > 0 ? 1 : -1;
    else if (tooMuchMs * this.#correcting <= 0) this.#correcting = 0;
    const steps = Math.max(1, Math.round(Math.abs(tooMuchMs) / CORRECTION_MS / RATE_STEP));
    const rate = 1 + this.#correcting * steps * RATE_STEP;
    this.#rate = Math.min(FASTEST, Math.max(SLOWEST, rate));
    return { kind: 'rate', rate: this.#rate };
  }

  /** Keeps at least as much in hand as at first, until pictures have come evenly for a while. */
  #forgetEvenness(nowMs: number): void {
    this.#late.set(Math.max(this.#late.at(nowMs), MARGIN_MS.first - MARGIN_MS.more), nowMs);
  }

  /** @returns how much less is in hand than was to be expected. */
  #measure(inHandMs: number, nowMs: number): number {
    const gainedMs = (this.#rate - 1) * (nowMs - this.#steeredAtMs);
    const expectedMs = this.#smoothedMs === undefined ? inHandMs : this.#smoothedMs - gainedMs;
    this.#smoothedMs = expectedMs + (inHandMs - expectedMs) * SMOOTHING;
    this.#steeredAtMs = nowMs;
    return expectedMs - inHandMs;
  }
}

/** A value, 0 at first, that halves in a certain time. */
class Fading {
  readonly #halfLifeMs: number;
  #value = 0;
  #sinceMs = 0;

  constructor(halfLifeMs: number) {
    this.#halfLifeMs = halfLifeMs;
  }

  at(nowMs: number): number {
    return this.#value * 0.5 ** ((nowMs - this.#sinceMs) / this.#halfLifeMs);
  }

  set(value: number, nowMs: number): void {
    this.#value = value;
    this.#sinceMs = nowMs;
  }
}
