import { fileURLToPath } from 'node:url';
import { systemClock } from './base/clock.ts';
import { describeError } from './base/error.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';
import type { LogLevel } from './base/log-lines.ts';
import type { Log, LogFields } from './base/log.ts';
import type { FromWeb, ToWeb, WebOrder } from './control/web-messages.ts';
import { WebApp } from './http/web-app.ts';

/**
 * The program of the web server's process. It belongs to the recorder that started it and talks to it over the channel it was given:
 * it leaves when told or when that closes, and not by the Ctrl-C that a terminal sends to the whole group.
 */
if (process.send === undefined) {
  process.stderr.write('web server: this program is started by preroll, not by hand.\n');
  process.exit(2);
}
const tell = (message: FromWeb) => void process.send?.(message);
let app: WebApp | undefined;

function recordersLog(context: LogFields): Log {
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      tell({ type: 'log', level, message, fields: plain({ ...context, ...fields }) });
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => recordersLog({ ...context, ...fields }),
  };
}

/** What goes through the channel: errors keep their stack, but not what hangs on them. */
function plain(fields: LogFields): LogFields {
  const texts = Object.entries(fields).map(([key, value]) => {
    const isShort = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isShort) return [key, value] as const;
    return [
      key,
      value instanceof Error ? (value.stack ?? describeError(value)) : JSON.stringify(value),
    ] as const;
  });
  return Object.fromEntries(texts);
}

async function start(order: WebOrder): Promise<void> {
  app = new WebApp({
    order,
    appFolder: fileURLToPath(new URL('web', import.meta.url)),
    clock: systemClock,
    log: recordersLog({}),
    announce: (text) => tell({ type: 'announce', text }),
  });
  await app.start();
}

function fail(error: unknown): void {
  // The recorder reads it, and starts another one.
  process.stderr.write(describeError(error), () => process.exit(1));
}

const leave = () => {
  const stopped = app === undefined ? Promise.resolve() : app[Symbol.asyncDispose]();
  void stopped.finally(() => process.exit(0));
};
leaveOnlyWhenAsked();
process.on('disconnect', leave);
process.on('message', (message) => {
  // The messages are those that our own recorder sends.
  const told = message as ToWeb;
  if (told.type === 'start') start(told.order).catch(fail);
  else if (told.type === 'config') app?.reconfigure(told.config);
  else leave();
});
