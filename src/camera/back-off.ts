/** First retry at once, then 1 s doubling to this. */
export const LONGEST_DELAY_MS = 30_000;
const FIRST_DELAY_MS = 1_000;

/**
 * Delays between attempts to reach a camera: 0, then about 1, 2, 4 … 30 s. Each is spread over -25 % .. 0 so that
 * cameras behind one switch that came back do not all knock at the same moment.
 */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;

  /** @param random uniform in [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** How long to wait before the next attempt, in ms. */
  nextDelayMs(): number {
    const failures = this.#failures++;
    if (failures === 0) return 0;
    const fullMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 16));
    return fullMs * (1 - 0.25 * this.#random());
  }

  /** To be called once an attempt has succeeded. */
  reset(): void {
    this.#failures = 0;
  }
}
