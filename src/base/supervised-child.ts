import { ChildProcess, fork } from 'node:child_process';
import { sleep, type Clock } from './clock.ts';
import { describeError } from './error.ts';
import { MortalChild } from './mortal-child.ts';
import { patience } from './watchdog.ts';

export interface SupervisedChildOptions<Sent extends object, Received> {
  /** The program to run, a path to built JavaScript. */
  readonly program: string;
  /** Options of Node.js for the child. */
  readonly nodeOptions?: readonly string[];
  readonly clock: Clock;
  /** How long after an end the next child is started: at first, and at most after doubling with each end. */
  readonly restartDelayMs: { readonly first: number; readonly longest: number };
  /** Told to a child that is to leave in good order. */
  readonly stopMessage: Sent;
  /** A child, the first or another, takes messages from now on: whatever was sent before is lost. */
  readonly onStarted: () => void;
  /** What one message of the child holds; it is our own program that sends it. */
  readonly onMessage: (message: Received) => void;
  /** A child ended by itself or was killed; not told of the one that was asked to leave. */
  readonly onEnded: (end: ChildEnd) => void;
}

export interface ChildEnd {
  /** Goes on a sentence that begins with the child's name: `was ended by SIGKILL`. */
  readonly how: string;
  readonly restartInMs: number;
}

/** A child that ended after this long earns a quick restart. */
const HEALTHY_LIFE_MS = 10_000;
/** One that was killed for what it did not do has to have lived longer: one that is too slow is so again. */
const LONG_LIFE_MS = 60_000;
const STOP_WAIT_MS = 2_000;
/** Our children's heaps are small: threads to help collect them cost 6 % more CPU (design/motion.md). */
const CHILD_NODE_OPTIONS = ['--single-threaded-gc'];
const STDERR_TAIL_CHARACTERS = 2_000;

/** A child process that is started again whenever it ends, with back-off, until it is disposed of. */
export class SupervisedChild<Sent extends object, Received> implements AsyncDisposable {
  readonly #options: SupervisedChildOptions<Sent, Received>;
  readonly #stopping = new AbortController();
  #child: MortalChild | undefined;
  #supervision: Promise<void> | undefined;
  #restartDelayMs: number;
  #wasKilled = false;

  constructor(options: SupervisedChildOptions<Sent, Received>) {
    this.#options = options;
    this.#restartDelayMs = options.restartDelayMs.first;
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  start(): void {
    this.#supervision ??= this.#supervise(this.#stopping.signal);
  }

  /** Passes a message on, or drops it while there is no child to take it. */
  send(message: Sent): void {
    const child = this.#child?.process;
    if (child?.connected === true) child.send(message, () => undefined);
  }

  /** Ends the present child at once; another follows as after any end. */
  kill(): void {
    this.#wasKilled = this.#child?.kill() === true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#supervision;
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    const { clock, restartDelayMs, onEnded } = this.#options;
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      this.#wasKilled = false;
      const how = await this.#live(signal);
      if (signal.aborted) return;
      const healthyMs = this.#wasKilled ? LONG_LIFE_MS : HEALTHY_LIFE_MS;
      if (clock.monotonicMs() - startedMs >= healthyMs) this.#restartDelayMs = restartDelayMs.first;
      onEnded({ how, restartInMs: this.#restartDelayMs });
      await sleep(clock, this.#restartDelayMs, signal).catch(() => undefined);
      this.#restartDelayMs = Math.min(restartDelayMs.longest, this.#restartDelayMs * 2);
    }
  }

  /** Runs one child to its end and says how it ended. */
  async #live(signal: AbortSignal): Promise<string> {
    const { clock, onStarted, onMessage } = this.#options;
    const started = this.#fork();
    if (!(started instanceof ChildProcess)) return `could not be started: ${describeError(started.error)}`;
    const child = new MortalChild(started, clock);
    let stderrTail = '';
    started.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderrTail = (stderrTail + text).slice(-STDERR_TAIL_CHARACTERS);
    });
    started.on('message', (message) => onMessage(message as Received));
    started.on('spawn', () => {
      this.#child = child;
      onStarted();
    });
    const stop = () => void this.#stop(child);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const how = await child.ended;
      return stderrTail === '' ? how : `${how}, its last words: ${stderrTail.trim()}`;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#child = undefined;
    }
  }

  #fork(): ChildProcess | { readonly error: unknown } {
    const { program, nodeOptions = [] } = this.#options;
    try {
      return fork(program, [], {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        execArgv: [...CHILD_NODE_OPTIONS, ...nodeOptions],
      });
    } catch (error) {
      // Of some errors Node.js tells by an event; of others, a lack of memory among them, so.
      return { error };
    }
  }

  /** Asks it to leave, waits a bounded time, kills. */
  async #stop(child: MortalChild): Promise<void> {
    // Not by disconnecting: Node 20 never emits 'close' for a child whose channel we closed.
    this.send(this.#options.stopMessage);
    const waiting = new AbortController();
    child.process.once('exit', () => waiting.abort());
    await patience(this.#options.clock, STOP_WAIT_MS, waiting.signal).catch(() => undefined);
    child.kill();
  }
}
