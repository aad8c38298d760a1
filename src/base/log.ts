/** Fields that give a log line its context, for example `{ camera: 'yard' }`. Never credentials. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What every room writes to. The sinks (console, rotating file) are built in main from the configuration. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line carries `fields` too. */
  with(fields: LogFields): Log;
}

/** A log that drops everything. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};
