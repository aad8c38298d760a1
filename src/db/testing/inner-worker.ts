import { systemClock, type Clock } from '../../base/clock.ts';
import type { FromIndexWorker, ToIndexWorker } from '../index-messages.ts';
import type { IndexWorkerProcess, WorkerHandlers } from '../index-worker-process.ts';
import { IndexWorker } from '../index-worker.ts';

export const INNER_RESTART_MS = 1_000;

/** Workers of an index in the test's own process: messages are cloned and come later, like those of real ones. */
export class InnerWorkers {
  readonly #path: string;
  readonly #clock: Clock;
  #handlers: WorkerHandlers | undefined;
  #current: InnerWorker | undefined;
  /** How many were started. */
  started = 0;
  /** Whether those that run hear nothing. */
  areDeaf = false;
  /** What they were told to do. */
  readonly told: ToIndexWorker[] = [];

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  readonly start = (handlers: WorkerHandlers): IndexWorkerProcess => {
    this.#handlers = handlers;
    queueMicrotask(() => this.#startOne());
    return {
      send: (message) => {
        this.told.push(message);
        if (!this.areDeaf) this.#current?.take(message);
      },
      kill: () => this.die(),
      [Symbol.asyncDispose]: () => {
        this.#current?.end();
        return Promise.resolve();
      },
    };
  };

  /** Ends the worker that runs, before it sees what was sent to it last; another follows. */
  die(): void {
    this.#current?.end();
    this.#current = undefined;
    this.#handlers?.onEnded('was ended by SIGKILL');
    this.#clock.setTimer(INNER_RESTART_MS, () => this.#startOne());
  }

  #startOne(): void {
    this.started += 1;
    this.#current = new InnerWorker((message) => this.#handlers?.onMessage(message));
    this.#current.take({ type: 'open', path: this.#path, as: 'owner' });
    this.#handlers?.onStarted();
  }
}

class InnerWorker {
  readonly #worker: IndexWorker;
  #hasEnded = false;

  constructor(onMessage: (message: FromIndexWorker) => void) {
    this.#worker = new IndexWorker(systemClock, (message) => {
      const cloned = structuredClone(message);
      queueMicrotask(() => {
        if (!this.#hasEnded) onMessage(cloned);
      });
    });
  }

  take(message: ToIndexWorker): void {
    const cloned = structuredClone(message);
    queueMicrotask(() => {
      if (!this.#hasEnded && cloned.type !== 'stop') this.#worker.receive(cloned);
    });
  }

  end(): void {
    this.#hasEnded = true;
    this.#worker[Symbol.dispose]();
  }
}
