import { abortable } from '../base/abortable.ts';
import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { JoinedSignal } from '../base/joined-signal.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../config/config.ts';

/** Where the configuration comes from, again and again. */
export interface ConfigSource {
  /** How its files look from outside: another text when they may have changed. Never rejects. */
  readonly look: () => Promise<string>;
  /** Calls `notice` when a look may find something new, until disposed of; not wherever it does. */
  readonly watch: (notice: () => void) => Disposable;
  /** How they looked when the configuration that is in force was read. */
  readonly known: string;
  /** @throws ConfigError. */
  readonly read: () => Promise<Config>;
}

export interface ConfigWatchOptions {
  readonly source: ConfigSource;
  /** @param signal aborts when nobody waits for it any more. */
  readonly apply: (config: Config, signal: AbortSignal) => Promise<void>;
  /** Told after each change: what is wrong with the files, so that the configuration before stays in force; or nothing. */
  readonly onRead: (problem: string | undefined) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_EVERY_MS = 15_000;
/** What has changed is looked at again sooner. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Follows the configuration's files while the recorder runs, however they are changed: looks at them when it is told of a change, and
 * every quarter of a minute, for network disks and mounted folders do not tell. A change is read when a look finds the file as the one before did,
 * so that one that is still being written is left alone.
 */
export class ConfigWatch implements AsyncDisposable {
  readonly #options: ConfigWatchOptions;
  readonly #stopping = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  #isUsable = true;

  constructor(options: ConfigWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#watching = this.#watch(this.#stopping.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { source, clock } = this.#options;
    let read = source.known;
    let seen = source.known;
    let noticed = new AbortController();
    using _ = source.watch(() => noticed.abort());
    for (;;) {
      using early = new JoinedSignal(signal, noticed.signal);
      const wait =
        seen === read ? sleep(clock, LOOK_EVERY_MS, early.signal) : sleep(clock, LOOK_AGAIN_MS, signal);
      await wait.catch(() => undefined);
      noticed = new AbortController();
      // A disk of the network may not answer: who stops does not wait for it.
      const found = await abortable(source.look(), signal).catch(() => seen);
      if (signal.aborted) return;
      if (found !== read && found === seen) {
        read = found;
        await this.#read(signal);
      }
      seen = found;
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { source, apply, onRead, log } = this.#options;
    try {
      await apply(await abortable(source.read(), signal), signal);
      if (!this.#isUsable) log.info('the configuration can be used again');
      this.#isUsable = true;
      onRead(undefined);
    } catch (error) {
      if (signal.aborted) return;
      this.#isUsable = false;
      const problem = describeError(error);
      log.error(`the configuration was changed and cannot be used; going on with the one before: ${problem}`);
      onRead(problem);
    }
  }
}
