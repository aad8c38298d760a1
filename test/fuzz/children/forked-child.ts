import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Nothing heard of a child for so long: it hangs. */
const SILENCE_MS = 60_000;

/** A child process of ours as the recorder starts it, but only once. */
export class ForkedChild<Sent extends object, Received> implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  #lastWords = '';
  #onMessage: (message: Received) => void = () => undefined;

  /** @param program such as `analyzer-main`. */
  constructor(program: string) {
    this.#child = fork(join(process.cwd(), 'dist', `${program}.js`), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2_000);
    });
    // Our own program sends them.
    this.#child.on('message', (message) => this.#onMessage(message as Received));
    this.#ended = once(this.#child, 'close').then(([code, signal]) => {
      const words = this.#lastWords.trim();
      return `${signal === null ? `exit code ${String(code)}` : String(signal)}${words === '' ? '' : `: ${words}`}`;
    });
  }

  send(message: Sent): void {
    this.#child.send(message, () => undefined);
  }

  /**
   * Resolves with undefined once `isEnough` says so of a message, else with how the child ended, or that it hangs.
   */
  async hears(isEnough: (message: Received) => boolean): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string | undefined>((resolve) => {
        const watch = () => {
          clearTimeout(timer);
          timer = setTimeout(() => resolve(`hangs: silent for ${SILENCE_MS / 1_000} s`), SILENCE_MS);
        };
        watch();
        this.#onMessage = (message) => {
          watch();
          if (isEnough(message)) resolve(undefined);
        };
        void this.#ended.then(resolve);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
