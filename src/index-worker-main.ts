import { systemClock } from './base/clock.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';
import type { ToIndexWorker } from './db/index-messages.ts';
import { IndexWorker } from './db/index-worker.ts';

/**
 * The program of the index's process. It belongs to the recorder that started it and talks to it over the channel it was
 * given: it leaves when told or when that closes, and not by what a terminal or a service manager sends to the whole
 * group, for the recorder has last words.
 */
if (process.send === undefined) {
  process.stderr.write('index worker: this program is started by preroll, not by hand.\n');
  process.exit(2);
}
const worker = new IndexWorker(systemClock, (message) => void process.send?.(message));
const leave = () => {
  worker[Symbol.dispose]();
  process.exit(0);
};
leaveOnlyWhenAsked();
process.on('disconnect', leave);
process.on('message', (message) => {
  // The messages are those that our own recorder sends.
  const told = message as ToIndexWorker;
  if (told.type === 'stop') leave();
  else worker.receive(told);
});
