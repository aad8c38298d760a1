import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { IndexWrite } from '../db/index-write.ts';

/** What comes after the last sign of life is a gap without a better cause, so it should not be long. */
const INTERVAL_MS = 3_000;
/** Who asks is not told of what has grown since less than this. */
const GROWTH_MS = 1_000;
/** A recorder that gives a sign of life so late was held up. */
const HELD_UP_MS = 2_000;

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly tell: (write: IndexWrite) => void;
  /** Called before each sign of life, and when somebody asks: what has grown is told. */
  readonly tellGrowth: () => void;
  readonly log: Log;
}

/** Tells the index from time to time that the recorder is alive, and when it leaves properly. */
export class Heartbeat implements Disposable {
  readonly #options: HeartbeatOptions;
  #timer: Timer | undefined;
  #toldGrowthMs = Number.NEGATIVE_INFINITY;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, tell } = this.#options;
    this.#tellGrowth();
    tell({ type: 'alive', atWallMs: clock.wallMs(), isLeaving: false });
    const dueMs = clock.monotonicMs() + INTERVAL_MS;
    this.#timer = clock.setTimer(INTERVAL_MS, () => {
      this.#tellStandstill(clock.monotonicMs() - dueMs);
      this.start();
    });
  }

  /** Somebody is about to ask the index. */
  beforeAsking(): void {
    const sinceMs = this.#options.clock.monotonicMs() - this.#toldGrowthMs;
    if (this.#timer !== undefined && sinceMs >= GROWTH_MS) this.#tellGrowth();
  }

  #tellGrowth(): void {
    this.#toldGrowthMs = this.#options.clock.monotonicMs();
    this.#options.tellGrowth();
  }

  /** Cameras go on meanwhile: what they sent is read late, and what is missing in the end is told as a gap. */
  #tellStandstill(lateMs: number): void {
    if (lateMs < HELD_UP_MS) return;
    const seconds = (lateMs / 1_000).toFixed(1);
    this.#options.log.warn(
      `the recorder was held up for ${seconds} s: its machine stood still, or is too busy`,
    );
  }

  /** To be called when all files are closed. */
  [Symbol.dispose](): void {
    if (this.#timer === undefined) return;
    this.#timer[Symbol.dispose]();
    this.#timer = undefined;
    const { clock, tell } = this.#options;
    tell({ type: 'alive', atWallMs: clock.wallMs(), isLeaving: true });
  }
}
