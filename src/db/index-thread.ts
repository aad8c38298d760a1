import { Worker } from 'node:worker_threads';
import { describeError } from '../base/error.ts';
import type { FromIndexWorker, ToIndexWorker } from './index-messages.ts';

export interface ThreadHandlers {
  readonly onMessage: (message: FromIndexWorker) => void;
  /** It has ended, by itself or because it was told; comes once. */
  readonly onEnd: (how: string) => void;
}

/** A running thread of the index. */
export interface IndexThread {
  post(message: ToIndexWorker): void;
  /** Ends it wherever it is; a transaction under way is rolled back by whoever opens the database next. */
  kill(): void;
}

export type StartThread = (handlers: ThreadHandlers) => IndexThread;

/** What the worker is given. */
export interface IndexWorkerData {
  /** The database's path. */
  readonly path: string;
}

/** The memory of the thread's own heap; SQLite's cache comes on top (open-database.ts). */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };

/**
 * @param program the thread's program, a path to built JavaScript.
 * @param path the database's.
 */
export function indexThreads(program: string, path: string): StartThread {
  return ({ onMessage, onEnd }) => {
    const workerData: IndexWorkerData = { path };
    const worker = new Worker(program, { workerData, resourceLimits: RESOURCE_LIMITS });
    let failure = '';
    worker.on('message', onMessage);
    worker.on('error', (error) => (failure = `: ${describeError(error)}`));
    worker.on('exit', (code) => onEnd(`ended with exit code ${code}${failure}`));
    return {
      post: (message) => worker.postMessage(message),
      kill: () => void worker.terminate(),
    };
  };
}
