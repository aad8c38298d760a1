/** What keeps a player so close to the newest picture as its stream and its network allow. */

export type Steering =
  /** Plays on at this rate. */
  | { readonly kind: 'rate'; readonly rate: number }
  /** Too far behind to catch up by playing faster. */
  | { readonly kind: 'jump' };

/** How much is kept in hand: from what is shown to the end of what has come. */
const TARGET_MS = 60;
/** A picture has to come before the one before it ends; so much before. */
const MARGIN_MS = 20;
/** Farther behind than that, it jumps. */
const JUMP_MS = 1_000;
/**
 * Nearer than that, it is left alone, for each change of the rate costs the browser something; once it is corrected, it is so
 * until nothing is left.
 */
const CALM_MS = 8;
/** How fast what is missing is made up for: in so many milliseconds. */
const CORRECTION_MS = 1_500;
const SLOWEST = 0.9;
const FASTEST = 1.15;
const RATE_STEP = 0.02;
/** What is in hand rises and falls with each picture; this much of a new measurement counts. */
const SMOOTHING = 0.2;
/** After the stream ran dry more is kept in hand, at most so much; half of it is given up again in so long. */
const DRY_MS = { more: 20, most: 600, halfLife: 10_000 };

/**
 * Decides from what is in hand whenever a picture has come. The target grows with the time between pictures, and where
 * the network lets the stream run dry, and shrinks again.
 */
export class LiveEdge {
  #intervalMs = 40;
  #extraMs = 0;
  #extraSinceMs = 0;
  #smoothedMs: number | undefined;
  /** 1 while it plays faster, -1 while it plays slower. */
  #correcting: -1 | 0 | 1 = 0;

  /** Between two pictures, as the stream tells it. */
  setIntervalMs(intervalMs: number): void {
    this.#intervalMs = intervalMs;
  }

  targetMs(nowMs: number): number {
    return Math.max(TARGET_MS, this.#intervalMs + MARGIN_MS) + this.#extraNowMs(nowMs);
  }

  /** The stream ran dry: nothing was left to show. */
  ranDry(nowMs: number): void {
    this.#extraMs = Math.min(DRY_MS.most, this.#extraNowMs(nowMs) * 1.5 + DRY_MS.more);
    this.#extraSinceMs = nowMs;
  }

  /** Something else is shown from now on: measurements so far do not count. */
  restart(): void {
    this.#smoothedMs = undefined;
    this.#correcting = 0;
  }

  /** @param inHandMs from what is shown to the end of what has come, measured when a picture came. */
  steer(inHandMs: number, nowMs: number): Steering {
    const targetMs = this.targetMs(nowMs);
    if (inHandMs > targetMs + JUMP_MS) return { kind: 'jump' };
    const before = this.#smoothedMs ?? inHandMs;
    const smoothedMs = before + (inHandMs - before) * SMOOTHING;
    this.#smoothedMs = smoothedMs;
    const tooMuchMs = smoothedMs - targetMs;
    if (Math.abs(tooMuchMs) >= CALM_MS) this.#correcting = tooMuchMs > 0 ? 1 : -1;
    else if (tooMuchMs * this.#correcting <= 0) this.#correcting = 0;
    const steps = Math.max(1, Math.round(Math.abs(tooMuchMs) / CORRECTION_MS / RATE_STEP));
    const rate = 1 + this.#correcting * steps * RATE_STEP;
    return { kind: 'rate', rate: Math.min(FASTEST, Math.max(SLOWEST, rate)) };
  }

  #extraNowMs(nowMs: number): number {
    return this.#extraMs * 0.5 ** ((nowMs - this.#extraSinceMs) / DRY_MS.halfLife);
  }
}
