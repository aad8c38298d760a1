import { monotonicMs, wallMs, type MonotonicMs, type WallMs } from './time.ts';

/** A pending timer; disposing it before it fires cancels it, afterwards does nothing. */
export type Timer = Disposable;

/** All time comes from here, so that tests can run on a simulated clock. */
export interface Clock {
  wallMs(): WallMs;
  monotonicMs(): MonotonicMs;
  /** Calls `fire` once after `delayMs` of monotonic time, as exactly as the clock has it. */
  setTimer(delayMs: number, fire: () => void): Timer;
}

/** Of the moments at which timers of a second and more end, on the monotonic clock, so that they do together. */
export const COARSE_STEP_MS = 800;
/** Of those at which timers of two seconds and more do. */
export const COARSEST_STEP_MS = 2 * COARSE_STEP_MS;

/** What is due in one millisecond of the monotonic clock. */
interface Alarm {
  readonly fires: Set<() => void>;
  readonly handle: NodeJS.Timeout;
}

const alarms = new Map<number, Alarm>();

/**
 * The host's clocks. `Date.now` and `setTimeout` live in this file only.
 *
 * Timers of a second and more end up to 0.4 s early or late, those of two seconds and more up to 0.8 s, on whole multiples of
 * `COARSE_STEP_MS` and `COARSEST_STEP_MS`: waking up is what a recorder of few cameras spends most of its time with
 * (design/decisions.md).
 */
export const systemClock: Clock = {
  wallMs: () => wallMs(Date.now()),
  monotonicMs: () => monotonicMs(performance.now()),
  setTimer(delayMs, fire) {
    const nowMs = performance.now();
    const atMs = nowMs + delayMs;
    const stepMs = stepOf(delayMs);
    const dueMs = Math.round(atMs / stepMs) * stepMs;
    const { fires, handle } = alarmAt(dueMs, nowMs);
    // Who sets the same function twice is called twice.
    const once = () => fire();
    fires.add(once);
    return {
      [Symbol.dispose]: () => {
        fires.delete(once);
        if (fires.size > 0) return;
        clearTimeout(handle);
        if (alarms.get(dueMs)?.fires === fires) alarms.delete(dueMs);
      },
    };
  },
};

function stepOf(delayMs: number): number {
  if (delayMs < 1_000) return 1;
  return delayMs < 2_000 ? COARSE_STEP_MS : COARSEST_STEP_MS;
}

function alarmAt(dueMs: number, nowMs: number): Alarm {
  const known = alarms.get(dueMs);
  if (known !== undefined) return known;
  const fires: Alarm['fires'] = new Set();
  const handle = setTimeout(
    () => {
      alarms.delete(dueMs);
      for (const fire of fires) {
        fires.delete(fire);
        fire();
      }
    },
    // Node.js counts whole milliseconds, of which the present one has begun.
    Math.ceil(dueMs - nowMs) + 1,
  );
  const alarm = { fires, handle };
  alarms.set(dueMs, alarm);
  return alarm;
}

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
