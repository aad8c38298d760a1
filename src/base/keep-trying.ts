import { sleep, type Clock } from './clock.ts';

export interface TryingOptions {
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told of each failure. */
  readonly onFailure: (error: unknown) => void;
}

const RETRY_MS = { first: 1_000, longest: 30_000 };

/**
 * Tries until it succeeds: again after a second, then after 2, 4 … 30.
 * @returns undefined when the signal has aborted.
 */
export async function keepTrying<Result>(
  attempt: () => Promise<Result>,
  { clock, signal, onFailure }: TryingOptions,
): Promise<Result | undefined> {
  for (let delayMs = RETRY_MS.first; !signal.aborted; delayMs = Math.min(2 * delayMs, RETRY_MS.longest)) {
    try {
      return await attempt();
    } catch (error) {
      onFailure(error);
      await sleep(clock, delayMs, signal).catch(() => undefined);
    }
  }
  return undefined;
}
