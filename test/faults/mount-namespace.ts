import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { runProgram } from './run-program.ts';

/** Mounts that nobody else on the machine sees. Needs root. */
export class MountNamespace implements AsyncDisposable {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** @param folder is made if it is missing, and a file system in memory of this size mounted there. */
  static async withTmpfs(folder: string, sizeMib: number): Promise<MountNamespace> {
    await mkdir(folder, { recursive: true });
    const mount = 'mount -t tmpfs -o "size=$1m" tmpfs "$0" && echo ready && exec cat';
    const holder = spawn('unshare', ['--mount', 'sh', '-c', mount, folder, String(sizeMib)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const first = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
    if (!String(first[0]).startsWith('ready')) throw new Error(`could not mount a tmpfs on ${folder}`);
    return new MountNamespace(holder);
  }

  /** Words that start a program in there, in a working folder. */
  enter(workingFolder: string): string[] {
    const pid = String(this.#holder.pid);
    return ['nsenter', '--target', pid, '--mount', 'sh', '-c', 'cd "$0" && exec "$@"', workingFolder];
  }

  /** Runs a program in there. @throws when it ends with another exit code than 0. */
  async run(...words: readonly string[]): Promise<void> {
    await runProgram([...this.enter('/'), ...words]);
  }

  /** Where a path in there can be read and written from outside. */
  seen(path: string): string {
    return `/proc/${this.#holder.pid}/root${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await exited;
  }
}
