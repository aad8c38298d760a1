import { redactCredentials } from '../base/redact.ts';
import { silentLog, type Log } from '../base/log.ts';

/** For commands that end by themselves: warnings and errors go to standard error, the rest nowhere. */
export const consoleLog: Log = {
  ...silentLog,
  warn: tell,
  error: tell,
  with: () => consoleLog,
};

function tell(message: string): void {
  process.stderr.write(`${redactCredentials(message)}\n`);
}
