import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { SupervisedChild } from '../base/supervised-child.ts';
import type { FromWeb, ToWeb, WebOrder } from '../control/web-messages.ts';
import type { Config } from '../config/config.ts';
import { tellConfig } from '../config/told-config.ts';

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

const RESTART_DELAY_MS = { first: 1_000, longest: 60_000 };

/** The web server in its process, which is started again when it ends: recording does not depend on it. */
export class WebChild implements AsyncDisposable {
  readonly #child: SupervisedChild<ToWeb, FromWeb>;
  #config: Config;

  constructor({ program, config, order, announce, clock, log }: WebChildOptions) {
    this.#config = config;
    this.#child = new SupervisedChild<ToWeb, FromWeb>({
      program,
      clock,
      restartDelayMs: RESTART_DELAY_MS,
      stopMessage: { type: 'stop' },
      onStarted: () =>
        this.#child.send({ type: 'start', order: { ...order, config: tellConfig(this.#config) } }),
      onMessage: (message) => {
        if (message.type === 'announce') announce(message.text);
        else log[message.level](message.message, message.fields);
      },
      onEnded: ({ how, restartInMs }) =>
        log.error(`the web server ${how}; it is started again in ${restartInMs / 1_000} s`),
    });
  }

  start(): void {
    this.#child.start();
  }

  /** What is in force from now on. */
  reconfigure(config: Config): void {
    this.#config = config;
    this.#child.send({ type: 'config', config: tellConfig(config) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }
}
