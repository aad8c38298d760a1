import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { SupervisedChild } from '../base/supervised-child.ts';
import type { FromWeb, ToWeb, WebOrder } from '../control/web-messages.ts';
import type { Config } from '../config/config.ts';
import { saysTheSame, tellConfig } from '../config/told-config.ts';

export interface WebChildOptions {
  /** The web server's program, a path to built JavaScript. */
  readonly program: string;
  readonly config: Config;
  readonly order: Omit<WebOrder, 'config'>;
  /** Shows whoever started the recorder something that is in no log. */
  readonly announce: (text: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const RESTART_DELAY_MS = { first: 250, longest: 60_000 };

/**
 * The web server in its process, where the configuration wants one. It is started again when it ends: recording does not
 * depend on it.
 */
export class WebChild implements AsyncDisposable {
  readonly #options: WebChildOptions;
  #config: Config;
  #child: SupervisedChild<ToWeb, FromWeb> | undefined;
  #isOver = false;

  constructor(options: WebChildOptions) {
    this.#options = options;
    this.#config = options.config;
  }

  start(): void {
    if (this.#isOver || this.#config.web.listen === 'off') return;
    this.#child = this.#makeChild();
    this.#child.start();
  }

  /** What is in force from now on. For what it listens with, another web server takes the place of the one that is there. */
  async reconfigure(config: Config): Promise<void> {
    const before = this.#config;
    this.#config = config;
    if (saysTheSame(before.web, config.web)) {
      this.#child?.send({ type: 'config', config: tellConfig(config) });
      return;
    }
    this.#options.log.info(becomes(before.web.listen !== 'off', config.web.listen !== 'off'));
    await this.#child?.[Symbol.asyncDispose]();
    this.#child = undefined;
    this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#child?.[Symbol.asyncDispose]();
  }

  #makeChild(): SupervisedChild<ToWeb, FromWeb> {
    const { program, order, announce, clock, log } = this.#options;
    const child = new SupervisedChild<ToWeb, FromWeb>({
      program,
      clock,
      restartDelayMs: RESTART_DELAY_MS,
      stopMessage: { type: 'stop' },
      onStarted: () => child.send({ type: 'start', order: { ...order, config: tellConfig(this.#config) } }),
      onMessage: (message) => {
        if (message.type === 'announce') announce(message.text);
        else log[message.level](message.message, message.fields);
      },
      onEnded: ({ how, restartInMs }) =>
        log.error(`the web server ${how}; it is started again in ${restartInMs / 1_000} s`),
    });
    return child;
  }
}

/** What becomes of it with other settings, for the log. */
function becomes(was: boolean, is: boolean): string {
  if (!is) return 'there is no web server any more: `web.listen` is off';
  return was ? 'the web server is started again, with other settings' : 'the web server is started';
}
