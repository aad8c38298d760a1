import { abortable } from '../base/abortable.ts';
import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { Watchdog } from '../base/watchdog.ts';

/** How long recording may wait for the index to tell what was before: for all answers together. */
const PATIENCE_MS = 5_000;

/** What the index is asked before recording begins, which does without the answers where there are none. */
export class StartQuestions implements Disposable {
  readonly #log: Log;
  readonly #start: AbortSignal;
  readonly #either: AbortSignal;
  readonly #watchdog: Watchdog;

  /** Its patience begins now. @param start aborts when nobody wants to record any more. */
  constructor(clock: Clock, log: Log, start: AbortSignal) {
    const late = new AbortController();
    const tooLate = new Error(`no answer in ${PATIENCE_MS / 1000} s`);
    this.#log = log;
    this.#start = start;
    this.#either = AbortSignal.any([start, late.signal]);
    this.#watchdog = new Watchdog(clock, PATIENCE_MS, () => late.abort(tooLate));
  }

  /**
   * @param what goes on a sentence: `the index does not tell …`.
   * @param onLate is given an answer that comes when it was done without.
   * @returns the answer, or what serves instead where none comes.
   * @throws the reason of the start's signal.
   */
  async ask<T>(
    what: string,
    question: Promise<T>,
    otherwise: T,
    onLate: (answer: T) => void = () => undefined,
  ): Promise<T> {
    try {
      return await abortable(question, this.#either);
    } catch (error) {
      this.#start.throwIfAborted();
      this.#log.warn(`the index does not tell ${what}: ${describeError(error)}`);
      question.then(onLate, () => undefined);
      return otherwise;
    }
  }

  [Symbol.dispose](): void {
    this.#watchdog[Symbol.dispose]();
  }
}
