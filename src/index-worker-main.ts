import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from './base/clock.ts';
import type { ToIndexWorker } from './db/index-messages.ts';
import type { IndexWorkerData } from './db/index-thread.ts';
import { IndexWorker } from './db/index-worker.ts';

/** The program of the index's thread. It belongs to the recorder that started it, and leaves when told. */
if (parentPort === null) throw new Error('this program is a thread of preroll, and not started by hand');
const port = parentPort;
// Given by our own recorder, like the messages.
const { path } = workerData as IndexWorkerData;
const worker = new IndexWorker({ path, clock: systemClock, send: (message) => port.postMessage(message) });
port.on('message', (message: ToIndexWorker) => {
  if (message.type !== 'stop') {
    worker.receive(message);
    return;
  }
  worker[Symbol.dispose]();
  port.close();
});
