import type { ExplainedPicture } from './messages.ts';

/** Told an explained picture, or that there will be none. */
type Waiter = (picture: ExplainedPicture | undefined) => void;

/**
 * Those who wait for a camera's next explained picture. Each wait asks the analyzer for a few more, so that it explains
 * only while somebody looks; what comes when nobody waits is dropped.
 */
export class ExplainRequests {
  readonly #ask: (minimalDurationMs: number) => void;
  readonly #waiters = new Set<Waiter>();
  #minimalDurationMs = 0;

  /** @param ask sends a request. */
  constructor(ask: (minimalDurationMs: number) => void) {
    this.#ask = ask;
  }

  /** The next explained picture; undefined once the signal aborts or the camera is no longer watched. */
  next(minimalDurationMs: number, signal: AbortSignal): Promise<ExplainedPicture | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const giveUp = () => waiter(undefined);
      const waiter: Waiter = (picture) => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', giveUp);
        resolve(picture);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiters.add(waiter);
      this.#minimalDurationMs = minimalDurationMs;
      if (this.#waiters.size === 1) this.#ask(minimalDurationMs);
    });
  }

  answered(picture: ExplainedPicture): void {
    for (const waiter of this.#waiters) waiter(picture);
  }

  /** A new analyzer process took over, which knows of no request. */
  beginAgain(): void {
    if (this.#waiters.size > 0) this.#ask(this.#minimalDurationMs);
  }

  end(): void {
    for (const waiter of this.#waiters) waiter(undefined);
  }
}
