import { systemClock } from '../../base/clock.ts';
import type { FromIndexWorker, ToIndexWorker } from '../index-messages.ts';
import type { StartThread, ThreadHandlers } from '../index-thread.ts';
import { IndexWorker } from '../index-worker.ts';

/** Threads of the index within the test's own: messages are cloned and arrive one turn later, like those of real ones. */
export class InnerThreads {
  readonly #path: string;
  #current: InnerThread | undefined;
  /** How many were started. */
  started = 0;
  /** What the threads were told to do. */
  readonly told: ToIndexWorker[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  readonly start: StartThread = (handlers) => {
    this.started += 1;
    this.#current = new InnerThread(this.#path, handlers);
    const thread = this.#current;
    return {
      post: (message) => {
        this.told.push(message);
        thread.post(message);
      },
      kill: () => thread.die('was killed'),
    };
  };

  /** Ends the thread that runs, before it sees what was sent to it last. */
  die(): void {
    this.#current?.die('ended with exit code 1');
  }
}

class InnerThread {
  readonly #handlers: ThreadHandlers;
  readonly #worker: IndexWorker;
  #isAlive = true;

  constructor(path: string, handlers: ThreadHandlers) {
    this.#handlers = handlers;
    this.#worker = new IndexWorker({ path, clock: systemClock, send: (message) => this.#send(message) });
  }

  post(message: ToIndexWorker): void {
    const cloned = structuredClone(message);
    queueMicrotask(() => {
      if (!this.#isAlive) return;
      if (cloned.type === 'stop') this.die('ended with exit code 0');
      else this.#worker.receive(cloned);
    });
  }

  die(how: string): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#worker[Symbol.dispose]();
    this.#handlers.onEnd(how);
  }

  #send(message: FromIndexWorker): void {
    const cloned = structuredClone(message);
    queueMicrotask(() => {
      if (this.#isAlive) this.#handlers.onMessage(cloned);
    });
  }
}
