import { monotonicMs, wallMs, type MonotonicMs, type WallMs } from './time.ts';

/** A pending timer; disposing it before it fires cancels it, afterwards does nothing. */
export type Timer = Disposable;

/** All time comes from here, so that tests can run on a simulated clock. */
export interface Clock {
  wallMs(): WallMs;
  monotonicMs(): MonotonicMs;
  /** Calls `fire` once after `delayMs` of monotonic time. */
  setTimer(delayMs: number, fire: () => void): Timer;
}

/** The host's clocks. `Date.now` and `setTimeout` live in this file only. */
export const systemClock: Clock = {
  wallMs: () => wallMs(Date.now()),
  monotonicMs: () => monotonicMs(performance.now()),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(handle) };
  },
};

/**
 * Waits `delayMs`.
 * @throws the signal's reason as soon as it aborts.
 */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // The reason is whatever the aborter gave; callers compare it by identity.
    const abort = () => {
      timer[Symbol.dispose]();
      reject(signal.reason as Error);
    };
    const timer = clock.setTimer(delayMs, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
