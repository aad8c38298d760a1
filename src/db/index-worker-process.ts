import type { Clock } from '../base/clock.ts';
import { SupervisedChild } from '../base/supervised-child.ts';
import type { FromIndexWorker, IndexRole, ToIndexWorker } from './index-messages.ts';

export interface WorkerHandlers {
  /** A worker, the first or another, takes messages from now on: whatever was sent before is lost. */
  readonly onStarted: () => void;
  readonly onMessage: (message: FromIndexWorker) => void;
  /** One ended unasked; another follows. `how` goes on a sentence: `was ended by SIGKILL`. */
  readonly onEnded: (how: string) => void;
}

/** The worker of an index; disposing of it ends it in good order, as far as it does so soon. */
export interface IndexWorkerProcess extends AsyncDisposable {
  send(message: ToIndexWorker): void;
  /** Ends the present worker at once, wherever it is; another follows. */
  kill(): void;
}

export type StartWorker = (handlers: WorkerHandlers) => IndexWorkerProcess;

const RESTART_DELAY_MS = { first: 500, longest: 10_000 };

/** Of its own heap; SQLite's cache comes on top (open-database.ts). A timeline of 64 cameras and a month fits. */
const WORKER_NODE_OPTIONS = ['--max-old-space-size=256'];

/**
 * @param program the worker's program, a path to built JavaScript.
 * @param path the database's.
 */
export function indexWorkers(
  program: string,
  path: string,
  clock: Clock,
  role: IndexRole = 'owner',
): StartWorker {
  return ({ onStarted, onMessage, onEnded }) => {
    const child = new SupervisedChild<ToIndexWorker, FromIndexWorker>({
      program,
      nodeOptions: WORKER_NODE_OPTIONS,
      clock,
      restartDelayMs: RESTART_DELAY_MS,
      stopMessage: { type: 'stop' },
      onStarted: () => {
        child.send({ type: 'open', path, as: role });
        onStarted();
      },
      onMessage,
      onEnded: ({ how }) => onEnded(how),
    });
    child.start();
    return child;
  };
}
