import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ToAnalyzer } from './analysis/messages.ts';
import { Outbox } from './analysis/outbox.ts';
import { systemClock } from './base/clock.ts';
import { Analyzer } from './app/analyzer.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';

/**
 * The program of an analyzer process. It belongs to the recorder that started it and talks to it over the channel it
 * was given: it leaves when told or when that closes, and not by the Ctrl-C that a terminal sends to the whole group.
 */
if (process.send === undefined) {
  process.stderr.write('analyzer: this program is started by preroll, not by hand.\n');
  process.exit(2);
}
const outbox = new Outbox(systemClock, (messages) => void process.send?.(messages));
const leave = () =>
  void analyzer[Symbol.asyncDispose]().finally(() => {
    outbox.flush();
    process.exit(0);
  });
const analyzer = new Analyzer({
  clock: systemClock,
  defer: (work) => void setImmediate(work),
  send: (message, longestWaitMs) => outbox.push(message, longestWaitMs),
  onStop: leave,
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  kernelFile: fileURLToPath(new URL('kernel.wasm', import.meta.url)),
});
// Where the machine is too small for both, recording comes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
leaveOnlyWhenAsked();
// The messages are those that our own recorder sends.
process.on('message', (message) => analyzer.receive(message as ToAnalyzer));
process.on('disconnect', leave);
analyzer.start();
