/**
 * Aborts as soon as one of several signals does, with its reason. As `AbortSignal.any`, of which Node.js 20 notes something at each of
 * the signals that stays as long as that signal: this leaves nothing behind, and is for those that live long. Dispose of it.
 */
export class JoinedSignal implements Disposable {
  readonly #joined = new AbortController();
  readonly #from: readonly AbortSignal[];
  readonly #abort = () => this.#joined.abort(this.#from.find(({ aborted }) => aborted)?.reason);

  constructor(...from: readonly AbortSignal[]) {
    this.#from = from;
    if (from.some(({ aborted }) => aborted)) this.#abort();
    else for (const signal of from) signal.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#joined.signal;
  }

  /** It aborts no more. */
  [Symbol.dispose](): void {
    for (const signal of this.#from) signal.removeEventListener('abort', this.#abort);
  }
}
