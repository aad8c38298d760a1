import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { sleep, type Clock, type Timer } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { MonotonicMs } from '../base/time.ts';
import { HEARTBEAT_MS, type FromAnalyzer, type ToAnalyzer, type Watch } from './messages.ts';

export interface AnalyzerProcessOptions {
  /** Counts the analyzers from 1, for log lines. */
  readonly ordinal: number;
  /** The program to run, a path to built JavaScript. */
  readonly program: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onMessage: (message: FromAnalyzer) => void;
  /** Told when a process, the first or another, has its watches: whatever was sent before is lost. */
  readonly onStarted: () => void;
}

/** An analyzer that is silent this long hangs: it is killed. Starting takes about a second on a slow machine. */
const SILENCE_MS = 8 * HEARTBEAT_MS;
const FIRST_RESTART_DELAY_MS = 100;
const LONGEST_RESTART_DELAY_MS = 30_000;
/** A process that lived this long earns a quick restart. */
const HEALTHY_LIFE_MS = 60_000;
const STOP_WAIT_MS = 2_000;
/** Its heap is small: threads to help collect it cost 6 % more CPU (design/motion.md). */
const ANALYZER_NODE_OPTIONS = ['--single-threaded-gc'];
const STDERR_TAIL_CHARACTERS = 2_000;

/**
 * One analyzer child and its supervision: started again when it dies or hangs, with back-off, and told its watches
 * anew. Nothing here can delay or lose a recorded packet.
 */
export class AnalyzerProcess implements AsyncDisposable {
  readonly #options: AnalyzerProcessOptions;
  readonly #watches = new Map<string, Watch>();
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #supervision: Promise<void> | undefined;
  #restartDelayMs = FIRST_RESTART_DELAY_MS;
  #heardAt: MonotonicMs;
  /** When the last process ended, until its successor sends a sample. */
  #diedAt: MonotonicMs | undefined;

  constructor(options: AnalyzerProcessOptions) {
    this.#options = options;
    this.#heardAt = options.clock.monotonicMs();
  }

  get cameraCount(): number {
    return this.#watches.size;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  watch(watch: Watch): void {
    this.#watches.set(watch.camera, watch);
    this.#supervision ??= this.#supervise(this.#stopping.signal);
    this.send({ type: 'watch', watch });
  }

  unwatch(camera: string): void {
    this.#watches.delete(camera);
    this.send({ type: 'unwatch', camera });
  }

  /** Passes a message on, or drops it while there is no process to take it. */
  send(message: ToAnalyzer): void {
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#supervision;
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    const { clock, log, ordinal } = this.#options;
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      const death = await this.#live(signal);
      if (signal.aborted) return;
      if (clock.monotonicMs() - startedMs >= HEALTHY_LIFE_MS) this.#restartDelayMs = FIRST_RESTART_DELAY_MS;
      const cameras = [...this.#watches.keys()].join(', ');
      log.error(
        `analyzer ${ordinal} ${death}; starting it again in ${this.#restartDelayMs} ms. ` +
          `Until it answers, everything is kept of: ${cameras}`,
      );
      this.#diedAt ??= clock.monotonicMs();
      await sleep(clock, this.#restartDelayMs, signal).catch(() => undefined);
      this.#restartDelayMs = Math.min(LONGEST_RESTART_DELAY_MS, this.#restartDelayMs * 2);
    }
  }

  /** Runs one child to its end and says how it ended. */
  async #live(signal: AbortSignal): Promise<string> {
    const { program, clock, onStarted } = this.#options;
    const child = fork(program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ANALYZER_NODE_OPTIONS,
    });
    this.#heardAt = clock.monotonicMs();
    let stderrTail = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderrTail = (stderrTail + text).slice(-STDERR_TAIL_CHARACTERS);
    });
    // The messages are those that our own program sends.
    child.on('message', (messages) => {
      for (const message of messages as readonly FromAnalyzer[]) this.#hear(message);
    });
    child.on('spawn', () => {
      this.#child = child;
      for (const watch of this.#watches.values()) this.send({ type: 'watch', watch });
      onStarted();
    });
    const watchdog = this.#killWhenSilent(child);
    try {
      return await this.#ended(child, signal, () => stderrTail);
    } finally {
      watchdog[Symbol.dispose]();
      this.#child = undefined;
    }
  }

  #hear(message: FromAnalyzer): void {
    const { clock, log, ordinal, onMessage } = this.#options;
    this.#heardAt = clock.monotonicMs();
    if (this.#diedAt !== undefined && message.type === 'sample') {
      const awaySeconds = (this.#heardAt - this.#diedAt) / 1000;
      log.info(`analyzer ${ordinal} answers again, ${awaySeconds.toFixed(1)} s after its end`);
      this.#diedAt = undefined;
    }
    onMessage(message);
  }

  async #ended(child: ChildProcess, signal: AbortSignal, stderrTail: () => string): Promise<string> {
    const stop = () => void this.#stop(child);
    signal.addEventListener('abort', stop, { once: true });
    try {
      // 'close' comes after the last of stderr.
      const [code, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
      const how = by === null ? `ended with exit code ${code}` : `was ended by ${by}`;
      return stderrTail() === '' ? how : `${how}, its last words: ${stderrTail().trim()}`;
    } catch (error) {
      return `could not be started: ${describeError(error)}`;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Asks it to leave, waits a bounded time, kills. */
  async #stop(child: ChildProcess): Promise<void> {
    // Not by disconnecting: Node 20 never emits 'close' for a child whose channel we closed.
    this.send({ type: 'stop' });
    const waiting = new AbortController();
    child.once('exit', () => waiting.abort());
    await sleep(this.#options.clock, STOP_WAIT_MS, waiting.signal).catch(() => undefined);
    if (!waiting.signal.aborted) child.kill('SIGKILL');
  }

  #killWhenSilent(child: ChildProcess): Timer {
    const { clock, log, ordinal } = this.#options;
    const check = () => {
      const silentMs = clock.monotonicMs() - this.#heardAt;
      if (silentMs < SILENCE_MS) {
        timer = clock.setTimer(HEARTBEAT_MS, check);
        return;
      }
      log.error(`analyzer ${ordinal} has been silent for ${Math.round(silentMs / 1000)} s and is killed`);
      child.kill('SIGKILL');
    };
    let timer = clock.setTimer(HEARTBEAT_MS, check);
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }
}
