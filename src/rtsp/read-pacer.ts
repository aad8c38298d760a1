import type { Clock, Timer } from '../base/clock.ts';
import type { MonotonicMs } from '../base/time.ts';

/** The longest that bytes of a camera wait to be read. */
export const LONGEST_PAUSE_MS = 400;
const FIRST_PAUSE_MS = 25;
/** After so long the pause doubles. */
const STEP_MS = 1_000;

/**
 * Lets a process read its cameras together, a few times a second instead of once a picture. What comes meanwhile waits in
 * the system's receive buffers. Waking up a process costs far more than reading a picture (design/decisions.md).
 *
 * Pauses end on whole multiples of their length on the monotonic clock, the same for all connections.
 */
export class ReadPacer {
  readonly #clock: Clock;
  readonly #turns = new Map<MonotonicMs, Turn>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `read` once, at the end of the pause. */
  pause(pauseMs: number, read: () => void): Timer {
    const nowMs = this.#clock.monotonicMs();
    // A multiple of a pause is one of the clock's times.
    const dueMs = (Math.floor(nowMs / pauseMs + 1) * pauseMs) as MonotonicMs;
    const turn = this.#turns.get(dueMs) ?? this.#newTurn(dueMs, dueMs - nowMs);
    turn.add(read);
    return { [Symbol.dispose]: () => void turn.delete(read) };
  }

  #newTurn(dueMs: MonotonicMs, delayMs: number): Turn {
    const turn: Turn = new Set();
    this.#turns.set(dueMs, turn);
    this.#clock.setTimer(delayMs, () => this.#take(dueMs));
    return turn;
  }

  #take(dueMs: MonotonicMs): void {
    const turn = this.#turns.get(dueMs);
    this.#turns.delete(dueMs);
    for (const read of turn ?? []) read();
  }
}

type Turn = Set<() => void>;

/**
 * How long a connection may pause that has been read in turns for `sinceMs`. The system widens a receive buffer that is
 * emptied in large gulps, so that pauses which begin short and grow never make the camera wait.
 */
export function pauseAfter(sinceMs: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.floor(Math.max(0, sinceMs) / STEP_MS));
}
