import type { Clock, Timer } from './clock.ts';
import { monotonicMs, wallMs, type MonotonicMs, type WallMs } from './time.ts';

interface Pending {
  readonly dueMs: number;
  readonly fire: () => void;
}

/** A clock for tests: time stands still until `advance`, which fires due timers in order. */
export class SimulatedClock implements Clock {
  #monotonicMs = 0;
  #wallOffsetMs: number;
  #pending: Pending[] = [];

  constructor(startWallMs = Date.UTC(2026, 0, 1)) {
    this.#wallOffsetMs = startWallMs;
  }

  wallMs(): WallMs {
    return wallMs(this.#wallOffsetMs + this.#monotonicMs);
  }

  monotonicMs(): MonotonicMs {
    return monotonicMs(this.#monotonicMs);
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const pending = { dueMs: this.#monotonicMs + Math.max(0, delayMs), fire };
    this.#pending.push(pending);
    return {
      [Symbol.dispose]: () => {
        this.#pending = this.#pending.filter((other) => other !== pending);
      },
    };
  }

  /** Moves time forward; promise callbacks queued by a timer run before the next timer fires. */
  async advance(byMs: number): Promise<void> {
    const targetMs = this.#monotonicMs + byMs;
    for (;;) {
      await new Promise(setImmediate);
      const next = this.#pending
        .filter((timer) => timer.dueMs <= targetMs)
        .toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#pending = this.#pending.filter((timer) => timer !== next);
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.fire();
    }
    this.#monotonicMs = targetMs;
  }

  /** The whole machine stands still for so long: timers that were due meanwhile fire late. */
  standStill(forMs: number): void {
    this.#monotonicMs += forMs;
  }

  /** Sets the host's wall clock forward or back, as NTP or a user would. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }
}
