import type { Clock } from './clock.ts';
import { describeError } from './error.ts';
import {
  formatJson,
  formatLine,
  plainEntry,
  type LogEntry,
  type LogLevel,
  type PlainEntry,
} from './log-lines.ts';
import type { Log, LogFields } from './log.ts';
import { RotatingFile } from './rotating-file.ts';

/** What a log writes its copies to: standard error, as far as it is needed. */
export interface ConsoleStream {
  readonly isTTY?: boolean;
  readonly writableLength: number;
  write(text: string): unknown;
  on(event: 'error', listener: () => void): unknown;
  off(event: 'error', listener: () => void): unknown;
}

export interface RotatingLogOptions {
  readonly path: string;
  /** Less important lines are dropped. */
  readonly level: LogLevel;
  readonly maxSizeBytes: number;
  /** How many full files are kept beside the current one. */
  readonly count: number;
  readonly format: 'lines' | 'json';
  /** Where every line goes too; undefined for nowhere. */
  readonly console: ConsoleStream | undefined;
  readonly clock: Clock;
  /** Masks secrets; every string of every line passes through it. */
  redact(text: string): string;
}

const IMPORTANCE: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** ANSI colours of whole lines; plain `info` lines keep the terminal's. */
const COLOURS: Readonly<Record<LogLevel, string | undefined>> = {
  debug: '\u001B[2m',
  info: undefined,
  warn: '\u001B[33m',
  error: '\u001B[31m',
};

/** A console that reads slower than this is not waited for: copies are left out, the file has them. */
const CONSOLE_BACKLOG_BYTES = 2 ** 20;

/**
 * A log into a rotating file, with a copy on the console. Logging never throws and never waits: a failing disk is
 * told on the console once and costs log lines at worst. Disposing writes what is queued.
 */
export class RotatingLog implements Log, AsyncDisposable {
  readonly #options: RotatingLogOptions;
  readonly #file: RotatingFile;
  #isConsoleBroken = false;
  /** Lines that the console has not got. */
  #leftOut = 0;
  readonly #breakConsole = () => {
    this.#isConsoleBroken = true;
  };

  constructor(options: RotatingLogOptions) {
    this.#options = options;
    this.#file = new RotatingFile({
      path: options.path,
      maxSizeBytes: options.maxSizeBytes,
      count: options.count,
      clock: options.clock,
      onFailure: (error) => {
        this.#writeConsole(
          this.#plain('error', 'the log file cannot be written, lines wait in memory', {
            path: options.path,
            error: describeError(error),
          }),
        );
      },
      describeLost: (lines) => this.#format(this.#plain('warn', 'log lines were lost', { lines })),
    });
    // Without a listener a closed pipe behind the console would end the process.
    options.console?.on('error', this.#breakConsole);
  }

  debug(message: string, fields: LogFields = {}): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields: LogFields = {}): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields: LogFields = {}): void {
    this.#write('error', message, fields);
  }

  with(fields: LogFields): Log {
    return logWith(this, fields);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
    this.#options.console?.off('error', this.#breakConsole);
  }

  #write(level: LogLevel, message: string, fields: LogFields): void {
    if (IMPORTANCE[level] < IMPORTANCE[this.#options.level]) return;
    const entry = this.#plain(level, message, fields);
    this.#file.write(this.#format(entry));
    this.#writeConsole(entry);
  }

  #plain(level: LogLevel, message: string, fields: LogFields): PlainEntry {
    const entry: LogEntry = { wallMs: this.#options.clock.wallMs(), level, message, fields };
    return plainEntry(entry, (text) => this.#options.redact(text));
  }

  #format(entry: PlainEntry): string {
    return this.#options.format === 'json' ? formatJson(entry) : formatLine(entry);
  }

  #writeConsole(entry: PlainEntry): void {
    const { console, path } = this.#options;
    if (console === undefined || this.#isConsoleBroken) return;
    if (console.writableLength > CONSOLE_BACKLOG_BYTES) {
      this.#leftOut += 1;
      return;
    }
    const lines = this.#leftOut;
    this.#leftOut = 0;
    if (lines > 0)
      this.#copy(
        this.#plain('warn', 'lines were left out here; the file has them', { lines, path }),
        console,
      );
    this.#copy(entry, console);
  }

  #copy(entry: PlainEntry, console: ConsoleStream): void {
    const isColoured = console.isTTY === true && this.#options.format === 'lines';
    const colour = isColoured ? COLOURS[entry.level] : undefined;
    const line = this.#format(entry);
    console.write(colour === undefined ? `${line}\n` : `${colour}${line}\u001B[0m\n`);
  }
}

function logWith(log: Log, fields: LogFields): Log {
  return {
    debug: (message, more) => log.debug(message, { ...fields, ...more }),
    info: (message, more) => log.info(message, { ...fields, ...more }),
    warn: (message, more) => log.warn(message, { ...fields, ...more }),
    error: (message, more) => log.error(message, { ...fields, ...more }),
    with: (more) => logWith(log, { ...fields, ...more }),
  };
}
