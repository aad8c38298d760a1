import type { Clock, Timer } from '../base/clock.ts';
import type { IndexWrite } from '../db/index-write.ts';

/** What comes after the last sign of life is a gap without a better cause, so it should not be long. */
const INTERVAL_MS = 2_000;

/** Tells the index from time to time that the recorder is alive, and when it leaves properly. */
export class Heartbeat implements Disposable {
  readonly #clock: Clock;
  readonly #tell: (write: IndexWrite) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, tell: (write: IndexWrite) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  start(): void {
    this.#tell({ type: 'alive', atWallMs: this.#clock.wallMs(), isLeaving: false });
    this.#timer = this.#clock.setTimer(INTERVAL_MS, () => this.start());
  }

  /** To be called when all files are closed. */
  [Symbol.dispose](): void {
    if (this.#timer === undefined) return;
    this.#timer[Symbol.dispose]();
    this.#timer = undefined;
    this.#tell({ type: 'alive', atWallMs: this.#clock.wallMs(), isLeaving: true });
  }
}
