import type { Clock, Timer } from '../base/clock.ts';
import type { FromAnalyzer } from './messages.ts';

/** How long a message may wait for others: reading one of many costs the recorder far less than reading one alone. */
export const OUTBOX_MS = 200;

/** Collects an analyzer's messages and sends them together, in order. */
export class Outbox {
  readonly #clock: Clock;
  readonly #send: (messages: readonly FromAnalyzer[]) => void;
  #messages: FromAnalyzer[] = [];
  #timer: Timer | undefined;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, send: (messages: readonly FromAnalyzer[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** @param longestWaitMs those before it go with it, at the latest after so long. */
  push(message: FromAnalyzer, longestWaitMs = OUTBOX_MS): void {
    this.#messages.push(message);
    const dueMs = this.#clock.monotonicMs() + longestWaitMs;
    if (dueMs >= this.#dueMs) return;
    this.#timer?.[Symbol.dispose]();
    this.#dueMs = dueMs;
    this.#timer = this.#clock.setTimer(longestWaitMs, () => this.flush());
  }

  /** Sends what has been collected at once. */
  flush(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#dueMs = Number.POSITIVE_INFINITY;
    const messages = this.#messages;
    this.#messages = [];
    if (messages.length > 0) this.#send(messages);
  }
}
