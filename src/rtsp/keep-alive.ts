import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Dialogue } from './dialogue.ts';

export interface KeepAliveOptions {
  readonly dialogue: Dialogue;
  /** The session as a whole. */
  readonly uri: string;
  /** Methods the camera knows, in capitals. */
  readonly methods: readonly string[];
  readonly timeoutMs: number;
  readonly log: Log;
}

/**
 * Tells a camera now and then that we are still there (RFC 2326 10.8). Whatever it answers, or if it does not, the
 * stream goes on: should it drop the session, media stops and that is noticed.
 */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  readonly #stopped = new AbortController();
  #method: 'GET_PARAMETER' | 'OPTIONS';
  #underWay: Promise<void> | undefined;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#method = options.methods.includes('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS';
  }

  /** Sends one, unless the one before is still under way. */
  send(): void {
    this.#underWay ??= this.#ask().finally(() => {
      this.#underWay = undefined;
    });
  }

  /** Gives up the one under way and waits for its end. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#underWay;
  }

  async #ask(): Promise<void> {
    const { dialogue, uri, timeoutMs, log } = this.#options;
    const { signal } = this.#stopped;
    try {
      const { status } = await dialogue.ask({ method: this.#method, uri }, signal, timeoutMs);
      // Some cameras announce GET_PARAMETER and refuse it.
      if (status >= 400) this.#method = 'OPTIONS';
    } catch (error) {
      if (!signal.aborted) log.debug(`keep-alive went unanswered: ${describeError(error)}`);
    }
  }
}
