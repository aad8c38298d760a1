import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { SIMULATOR } from './requirements.ts';

export interface SimulatedStream {
  readonly file: string;
  /** What it sends instead while the fault `use_alt` is on. */
  readonly alt?: string;
  readonly audio?: 'aac';
  readonly param_sets?: 'both' | 'sdp';
}

/** A camera as the simulator's configuration describes it. */
export interface SimulatedCamera {
  readonly name: string;
  readonly port: number;
  /** Something that listens and is no camera. */
  readonly type?: 'blackhole' | 'garbage' | 'slow';
  readonly user?: string;
  readonly password?: string;
  readonly auth?: 'digest';
  readonly transport?: 'tcp' | 'udp';
  readonly streams?: Readonly<Record<string, SimulatedStream>>;
}

/** A picture that a camera sent. */
export interface SentFrame {
  /** On its stamp; counts from 1 over all connections. */
  readonly number: number;
  readonly wallMs: number;
  readonly isKey: boolean;
}

export type ControlCommand = 'kill' | 'stall' | 'drop' | 'set';

const CONTROL_PORT = 8899;

/** The third-party cameras, a process each, with faults at run time. */
export class Simulator implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /** @param folder for its configuration and the cameras' own logs of what they sent. */
  static async start(cameras: readonly SimulatedCamera[], folder: string): Promise<Simulator> {
    await mkdir(folder, { recursive: true });
    const logged = cameras.map((camera) => ({ ...camera, log: sentLogPath(folder, camera.name) }));
    const configPath = join(folder, 'cameras.json');
    await writeFile(configPath, JSON.stringify({ control: CONTROL_PORT, cameras: logged }));
    const child = spawn(SIMULATOR, [configPath], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close').then(() => {
      throw new Error('the simulator ended before it was ready');
    });
    const lines = createInterface({ input: child.stdout });
    await Promise.race([once(lines, 'line'), ended]);
    ended.catch(() => undefined);
    return new Simulator(child, folder);
  }

  async control(
    command: ControlCommand,
    camera: string,
    values: Readonly<Record<string, number>> = {},
  ): Promise<void> {
    const query = new URLSearchParams({ cam: camera });
    for (const [key, value] of Object.entries(values)) query.set(key, String(value));
    const response = await fetch(`http://127.0.0.1:${CONTROL_PORT}/${command}?${query.toString()}`);
    if (!response.ok) throw new Error(`the simulator refused ${command}: ${await response.text()}`);
  }

  /** Resolves when a camera that was killed, to start again by itself, listens once more. */
  async backAgain(camera: string, killedPid: number): Promise<void> {
    while ((await this.pidOf(camera)) === killedPid) await wait(200);
  }

  /** The process of a camera: of the one killed last until the next one listens. */
  async pidOf(camera: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${CONTROL_PORT}/list`);
    const processes = (await response.json()) as Readonly<Record<string, { readonly pid: number }>>;
    const found = processes[camera];
    if (found === undefined) throw new Error(`the simulator knows no ${camera}`);
    return found.pid;
  }

  /** What a camera sent of one stream, by its own log. */
  async sent(camera: string, path: string): Promise<SentFrame[]> {
    const rows = (await readFile(sentLogPath(this.#folder, camera), 'latin1')).trim().split('\n');
    return rows
      .map((row) => row.split(','))
      .filter(([of]) => of === path)
      .map(([, number, seconds, isKey]) => ({
        number: Number(number),
        wallMs: Number(seconds) * 1000,
        isKey: isKey === '1',
      }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

function sentLogPath(folder: string, camera: string): string {
  return join(folder, `${camera}.sent.csv`);
}
