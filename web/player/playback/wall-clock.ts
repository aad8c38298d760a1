/** A clock of wall time that can be set, stopped, and made to run at any speed either way. */
export class WallClock {
  readonly #monotonicMs: () => number;
  #baseMs = 0;
  /** When it was `#baseMs`, on the monotonic clock. */
  #sinceMs = 0;
  #rate = 1;
  #isRunning = false;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get nowMs(): number {
    if (!this.#isRunning) return this.#baseMs;
    return this.#baseMs + (this.#monotonicMs() - this.#sinceMs) * this.#rate;
  }

  set(wallMs: number): void {
    this.#baseMs = wallMs;
    this.#sinceMs = this.#monotonicMs();
  }

  setRate(rate: number): void {
    this.set(this.nowMs);
    this.#rate = rate;
  }

  run(isRunning: boolean): void {
    if (isRunning === this.#isRunning) return;
    this.set(this.nowMs);
    this.#isRunning = isRunning;
  }
}
