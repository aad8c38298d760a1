import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLogLine } from '../../src/base/parse-log-line.ts';
import { PATIENCE_MS } from '../patience.ts';

/** Built by the prelude of `npm test`, which runs in the project's folder. */
const PROGRAM = join(process.cwd(), 'dist', 'main.js');

/** Of what the program wrote, in the message of a failed test. */
const TAIL_CHARACTERS = 4_000;

export interface PrerollOptions {
  /** The working folder, and the home of its user. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Words of a command that starts it and stays or becomes it, such as a tracer with its options. */
  readonly through?: readonly string[];
  /** Whether something is typed into it. */
  readonly hasInput?: boolean;
  /** Whether it serves its web app. */
  readonly hasWeb?: boolean;
}

/** Many run at a time: each serves its web app on a port of its own, or none, which spares the machine a process or two. */
const OWN_PORT = { PREROLL__WEB__PORT: '0' };
const NO_WEB = { PREROLL__WEB__LISTEN: 'off' };

export interface Ended {
  readonly code: number | null;
  readonly by: NodeJS.Signals | null;
}

/** A folder that is gone after the test. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
}

export async function makeFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'preroll-e2e-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Writes `preroll.yaml` into the folder; JSON is YAML. */
export async function writeConfig(folder: string, config: object): Promise<void> {
  await writeFile(join(folder, 'preroll.yaml'), JSON.stringify(config, undefined, 2));
}

/**
 * Process ids of the children of a process; Linux only.
 * @param program only those that run it, such as `analyzer-main`.
 */
export async function childrenOf(pid: number, program = ''): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1');
  const pids = text.trim().split(/\s+/).filter(Boolean);
  // One that has ended meanwhile runs nothing.
  const lines = pids.map((child) => readFile(`/proc/${child}/cmdline`, 'latin1').catch(() => ''));
  const running = await Promise.all(lines);
  return pids.filter((_, i) => running[i]?.includes(program)).map(Number);
}

/** The built program as a user starts it, in a process group of its own as a terminal's shell does. */
export class PrerollProcess implements AsyncDisposable {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly #kill = () => {
    if (this.#end === undefined) this.#child.kill('SIGKILL');
  };
  #stdout = '';
  #stderr = '';
  #end: Ended | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    process.once('exit', this.#kill);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#wake();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, by) => {
        this.#end = { code, by };
        this.#wake();
        resolve(this.#end);
      });
    });
  }

  static start(
    words: readonly string[],
    { folder, environment = {}, through = [], hasInput = false, hasWeb = false }: PrerollOptions,
  ): PrerollProcess {
    const [command = '', ...rest] = [...through, process.execPath, PROGRAM, ...words];
    return new PrerollProcess(
      spawn(command, rest, {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder, ...(hasWeb ? OWN_PORT : NO_WEB), ...environment },
        stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
        detached: true,
      }),
    );
  }

  /** Starts it and waits for its end. */
  static async run(
    words: readonly string[],
    options: PrerollOptions,
  ): Promise<Ended & { readonly stdout: string; readonly stderr: string }> {
    await using process = PrerollProcess.start(words, options);
    const { code, by } = await process.ended;
    return { code, by, stdout: process.stdout, stderr: process.stderr };
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves once standard error holds the text or a match of the pattern `count` times. */
  async says(wanted: string | RegExp, count = 1): Promise<void> {
    await this.until(`standard error says ${String(wanted)}`, () => this.#timesSaid(wanted) >= count);
  }

  /** Resolves once standard error holds it so many times more than it does by now. */
  async saysAgain(wanted: string | RegExp, times = 1): Promise<void> {
    await this.says(wanted, this.#timesSaid(wanted) + times);
  }

  /** When the first line that holds it was written, by the program's own clock; NaN where there is none. */
  saidAtMs(wanted: string): number {
    const line = this.#stderr.split('\n').find((one) => one.includes(wanted));
    return parseLogLine(line ?? '').wallMs ?? Number.NaN;
  }

  /** Resolves once `condition` holds, which is asked anew with each line that the program writes. */
  async until(what: string, condition: () => boolean): Promise<void> {
    let wake = (): void => undefined;
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    deadline.addEventListener('abort', () => wake());
    while (!condition()) {
      if (deadline.aborted || this.#end !== undefined) {
        const state = deadline.aborted ? `after ${PATIENCE_MS} ms` : `until it ended (${this.#end?.code})`;
        throw new Error(
          `waiting that ${what}, in vain ${state}; its last words:\n${this.#stderr.slice(-TAIL_CHARACTERS)}`,
        );
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        this.#waiting.add(resolve);
      });
      this.#waiting.delete(wake);
    }
  }

  /** @param target `group` is what a terminal's Ctrl-C reaches: the program and its children. */
  signal(signal: NodeJS.Signals, target: 'program' | 'group' = 'program'): void {
    process.kill(target === 'group' ? -this.pid : this.pid, signal);
  }

  /** As a user stops it. */
  async interrupt(): Promise<Ended> {
    this.signal('SIGINT', 'group');
    return this.ended;
  }

  /** Onto its standard input. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** As when the program that reads its output leaves. */
  closeOutput(which: 'stdout' | 'stderr'): void {
    this.#child[which]?.destroy();
  }

  /** @param program only those that run it, such as `analyzer-main`; Linux only. */
  async children(program = ''): Promise<number[]> {
    return await childrenOf(this.pid, program);
  }

  /** Of the program, its children and theirs, as every user of the machine sees them; Linux only. */
  async commandLines(): Promise<string> {
    const children = await this.children();
    const further = await Promise.all(children.map((pid) => childrenOf(pid).catch(() => [])));
    const pids = [this.pid, ...children, ...further.flat()];
    // One that has ended meanwhile has none.
    const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => ''));
    return (await Promise.all(lines)).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill();
    await this.ended.catch(() => undefined);
    process.off('exit', this.#kill);
  }

  #timesSaid(wanted: string | RegExp): number {
    if (typeof wanted === 'string') return this.#stderr.split(wanted).length - 1;
    return Array.from(this.#stderr.matchAll(new RegExp(wanted, 'gm'))).length;
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
