import type { Clock, Timer } from './clock.ts';
import type { MonotonicMs } from './time.ts';

/** Silence is counted in steps of this length: what this process was late by shows in each. */
const STEP_MS = 2_000;
/** A step that ends so late was a standstill: timers of that length are less exact (`systemClock`). */
const LATE_MS = 1_000;

/**
 * Waits for somebody else: barks once, when it has not been calmed for so long. Only time in which this process itself
 * ran is counted. A virtual machine or a laptop may stand still for seconds; then timers are due before what has come
 * meanwhile is read, and others may have stood still too: after a standstill they have one more step to be heard.
 */
export class Watchdog implements Disposable {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #bark: () => void;
  #timer: Timer | undefined;
  #calmedAt: MonotonicMs;
  /** Counted when the present step began. */
  #silentMs = 0;

  /** It watches from now on. Dispose of it. */
  constructor(clock: Clock, patienceMs: number, bark: () => void) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    this.#bark = bark;
    this.#calmedAt = clock.monotonicMs();
    this.#step();
  }

  /** A sign of life; costs next to nothing. Does not bring back one that has barked. */
  calm(atMs: MonotonicMs = this.#clock.monotonicMs()): void {
    this.#calmedAt = atMs;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #step(): void {
    const begunAt = this.#clock.monotonicMs();
    // Whole: a step too short for a floating-point clock to see would never end.
    const stepMs = Math.min(STEP_MS, Math.ceil(this.#patienceMs - this.#silentMs));
    this.#timer = this.#clock.setTimer(stepMs, () => {
      const nowMs = this.#clock.monotonicMs();
      const passedMs = nowMs - begunAt;
      if (passedMs - stepMs >= LATE_MS) {
        this.#silentMs = Math.max(0, Math.min(this.#silentMs, this.#patienceMs - STEP_MS));
      } else this.#silentMs = Math.min(this.#silentMs + passedMs, nowMs - this.#calmedAt);
      if (this.#silentMs < this.#patienceMs) this.#step();
      else this.#bark();
    });
  }
}

/**
 * Waits for somebody else for so long, as a `Watchdog` counts it.
 * @returns when that is over.
 * @throws the signal's reason as soon as it aborts.
 */
export function patience(clock: Clock, patienceMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // The reason is whatever the aborter gave; callers compare it by identity.
    const abort = () => {
      watchdog[Symbol.dispose]();
      reject(signal.reason as Error);
    };
    const watchdog = new Watchdog(clock, patienceMs, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
