import { systemClock } from './base/clock.ts';
import { Analyzer } from './app/analyzer.ts';

/**
 * The program of an analyzer process. It belongs to the recorder that started it and talks to it over the channel it
 * was given: it leaves when that closes, and not by the Ctrl-C that a terminal sends to the whole group.
 */
if (process.send === undefined) {
  process.stderr.write('analyzer: this program is started by preroll, not by hand.\n');
  process.exit(2);
}
const analyzer = new Analyzer({ clock: systemClock, send: (message) => void process.send?.(message) });
process.on('SIGINT', () => undefined);
process.on('message', (message) => analyzer.receive(message as Parameters<Analyzer['receive']>[0]));
process.on('disconnect', () => void analyzer[Symbol.asyncDispose]().finally(() => process.exit(0)));
analyzer.start();
