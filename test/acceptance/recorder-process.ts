import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROGRAM } from './requirements.ts';
import { runToEnd } from './run-to-end.ts';

/** A line of the recorder's log. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly camera?: string;
  readonly [field: string]: unknown;
}

interface Waiter {
  readonly isIt: (line: LogLine) => boolean;
  readonly found: (line: LogLine) => void;
}

/** A camera of the recorder's configuration, as a user writes it. */
export type ConfiguredCamera = Readonly<Record<string, unknown>>;

/** The recorder as users run it: a process with a configuration file, stopped by signals. */
export class RecorderProcess implements AsyncDisposable {
  readonly archive: string;
  readonly #child: ChildProcess;
  readonly #lines: LogLine[] = [];
  /** What it wrote that is no line of the log; there should be nothing. */
  readonly #strayText: string[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #ended: Promise<number | null>;

  private constructor(child: ChildProcess, archive: string) {
    this.archive = archive;
    this.#child = child;
    this.#ended = once(child, 'close').then(([code]) => code as number | null);
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on('line', (text) => this.#take(text));
    }
  }

  /** @param folder for configuration, log and archive; may hold those of an earlier process. */
  static async start(
    folder: string,
    config: {
      readonly cameras: Readonly<Record<string, ConfiguredCamera>>;
      readonly archive?: object;
      readonly event?: object;
    },
  ): Promise<RecorderProcess> {
    await mkdir(folder, { recursive: true });
    const archive = join(folder, 'archive');
    // YAML is a superset of JSON.
    const text = JSON.stringify({
      ...config,
      archive: { path: archive, ...config.archive },
      web: { listen: 'off' },
      log: { path: join(folder, 'preroll.log'), format: 'json', level: 'debug' },
    });
    const configPath = join(folder, 'preroll.yaml');
    await writeFile(configPath, text, { mode: 0o600 });
    const child = spawn(process.execPath, [PROGRAM, 'run', '--config', configPath], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new RecorderProcess(child, archive);
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get strayText(): readonly string[] {
    return this.#strayText;
  }

  linesOf(camera: string): readonly LogLine[] {
    return this.#lines.filter((line) => line.camera === camera);
  }

  /**
   * The first line that is it and was written after `sinceMs` of wall time, which may have come already.
   * @throws when none has come `withinMs` from now on.
   */
  async line(
    what: string,
    withinMs: number,
    isIt: (line: LogLine) => boolean,
    sinceMs = 0,
  ): Promise<LogLine> {
    const matches = (line: LogLine) => timeOf(line) >= sinceMs && isIt(line);
    const known = this.#lines.find(matches);
    if (known !== undefined) return known;
    return await new Promise((resolve, reject) => {
      const waiter = { isIt: matches, found: resolve };
      this.#waiters.add(waiter);
      const fail = (why: string) => {
        if (this.#waiters.delete(waiter)) reject(new Error(`no log line of ${what} ${why}`));
      };
      setTimeout(() => fail(`within ${withinMs / 1000} s`), withinMs).unref();
      void this.#ended.then(() => fail('before the recorder ended'));
    });
  }

  /** Resolves when each of these cameras has said that it is connected, after `sinceMs` of wall time. */
  async connected(cameras: readonly string[], withinMs: number, sinceMs = 0): Promise<void> {
    const isConnected = ({ message }: LogLine) => message.startsWith('connected: ');
    await Promise.all(
      cameras.map((camera) =>
        this.line(
          `${camera} being connected`,
          withinMs,
          (line) => line.camera === camera && isConnected(line),
          sinceMs,
        ),
      ),
    );
  }

  /** Process ids of its analyzers. */
  async analyzerPids(): Promise<number[]> {
    const { stdout } = await runToEnd('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
    return stdout
      .split('\n')
      .filter((row) => row.includes('analyzer-main'))
      .map((row) => row.trim().split(/\s+/).map(Number))
      .filter(([, parent]) => parent === this.#child.pid)
      .flatMap(([pid]) => pid ?? []);
  }

  /** CPU seconds used so far and resident memory, of the recorder's own process. */
  async usage(): Promise<{ readonly cpuSeconds: number; readonly residentMib: number }> {
    const { stdout } = await runToEnd('ps', ['-o', 'cputimes=,rss=', '-p', String(this.#child.pid)]);
    const [cpuSeconds = 0, residentKib = 0] = stdout.trim().split(/\s+/).map(Number);
    return { cpuSeconds, residentMib: residentKib / 1024 };
  }

  /** As Ctrl-C does. @returns the exit code. */
  async interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return await this.#ended;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
  }

  #take(text: string): void {
    const line = parseLine(text);
    if (line === undefined) {
      this.#strayText.push(text);
      return;
    }
    this.#lines.push(line);
    for (const waiter of this.#waiters) {
      if (!waiter.isIt(line)) continue;
      this.#waiters.delete(waiter);
      waiter.found(line);
    }
  }
}

export function timeOf(line: LogLine): number {
  return Date.parse(line.time);
}

function parseLine(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    // Not ours: a warning of the runtime, or a crash.
    return undefined;
  }
}
