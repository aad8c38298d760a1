import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { SupervisedChild, type ChildEnd } from '../base/supervised-child.ts';
import type { MonotonicMs } from '../base/time.ts';
import { Watchdog } from '../base/watchdog.ts';
import type { Fallback } from '../db/records.ts';
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

/** An analyzer that is silent this long hangs: it is killed. */
const SILENCE_MS = 8 * HEARTBEAT_MS;
/** The same before its first word. Many that start at once on a slow machine take long, and would take longer if they were killed for it. */
const FIRST_SILENCE_MS = 60_000;
const RESTART_DELAY_MS = { first: 100, longest: 30_000 };

/**
 * One analyzer child and its supervision: started again when it dies or hangs, and told its watches anew. Nothing here
 * can delay or lose a recorded packet.
 */
export class AnalyzerProcess implements AsyncDisposable {
  readonly #options: AnalyzerProcessOptions;
  readonly #watches = new Map<string, Watch>();
  readonly #child: SupervisedChild<ToAnalyzer, readonly FromAnalyzer[]>;
  #watchdog: Watchdog | undefined;
  /** Whether the present process has said anything. */
  #hasSpoken = false;
  /** When the last process ended, until its successor sends a sample. */
  #diedAt: MonotonicMs | undefined;

  constructor(options: AnalyzerProcessOptions) {
    const { program, clock } = options;
    this.#options = options;
    this.#child = new SupervisedChild({
      program,
      clock,
      restartDelayMs: RESTART_DELAY_MS,
      stopMessage: { type: 'stop' },
      onStarted: () => this.#started(),
      onMessage: (messages) => messages.forEach((message) => this.#hear(message)),
      onEnded: (end) => this.#ended(end),
    });
  }

  get cameraCount(): number {
    return this.#watches.size;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  watch(watch: Watch): void {
    this.#watches.set(watch.camera, watch);
    this.#child.start();
    this.send({ type: 'watch', watch });
  }

  unwatch(camera: string): void {
    this.#watches.delete(camera);
    this.send({ type: 'unwatch', camera });
  }

  /** Of a stream that the process opens by itself: its successor is to know it from the start. */
  rememberFallback(camera: string, fallback: Fallback | undefined): void {
    const watch = this.#watches.get(camera);
    if (watch?.source.kind !== 'own') return;
    this.#watches.set(camera, { ...watch, source: { ...watch.source, fallback } });
  }

  /** Passes a message on, or drops it while there is no process to take it. */
  send(message: ToAnalyzer): void {
    this.#child.send(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    this.#watchdog?.[Symbol.dispose]();
  }

  #started(): void {
    for (const watch of this.#watches.values()) this.send({ type: 'watch', watch });
    this.#options.onStarted();
    this.#hasSpoken = false;
    this.#killWhenSilent(FIRST_SILENCE_MS);
  }

  #ended({ how, restartInMs }: ChildEnd): void {
    const { clock, log, ordinal } = this.#options;
    this.#watchdog?.[Symbol.dispose]();
    const cameras = [...this.#watches.keys()].join(', ');
    log.error(
      `analyzer ${ordinal} ${how}; starting it again in ${restartInMs} ms. ` +
        `Until it answers, everything is kept of: ${cameras}`,
    );
    this.#diedAt ??= clock.monotonicMs();
  }

  #hear(message: FromAnalyzer): void {
    const { clock, log, ordinal, onMessage } = this.#options;
    if (this.#hasSpoken) this.#watchdog?.calm();
    else this.#killWhenSilent(SILENCE_MS);
    this.#hasSpoken = true;
    if (this.#diedAt !== undefined && message.type === 'sample') {
      const awaySeconds = (clock.monotonicMs() - this.#diedAt) / 1000;
      log.info(`analyzer ${ordinal} answers again, ${awaySeconds.toFixed(1)} s after its end`);
      this.#diedAt = undefined;
    }
    onMessage(message);
  }

  #killWhenSilent(forMs: number): void {
    const { clock, log, ordinal } = this.#options;
    this.#watchdog?.[Symbol.dispose]();
    this.#watchdog = new Watchdog(clock, forMs, () => {
      log.error(`analyzer ${ordinal} has been silent for ${forMs / 1000} s and is killed`);
      this.#child.kill();
    });
  }
}
