import { readFile } from 'node:fs/promises';
import { arch, cpus, freemem, loadavg, release, totalmem, type } from 'node:os';
import { Watchdog } from '../base/watchdog.ts';
import { askRecorder } from '../control/control-client.ts';
import type { MetersJson } from '../control/controlled-recorder.ts';
import type { SystemAnswer } from './api/system.ts';
import { archiveDisks } from './archive-disks.ts';
import { lastDayOf } from './last-day.ts';
import { ProcessUsage } from './process-usage.ts';
import { Rates } from './rates.ts';
import { readProcesses } from './read-processes.ts';
import { remembered } from './remembered.ts';
import type { WebServices } from './services.ts';

export type SystemServices = Pick<
  WebServices,
  'clock' | 'config' | 'followed' | 'index' | 'programs' | 'recorder' | 'version'
>;

/** What all who look are answered alike: each of them for so long. */
const LIVE_MS = 1_500;
const DISKS_MS = 10_000;
const DAY_MS = 30_000;
const PATIENCE_MS = 5_000;

/** How the machine and its recorder are. It costs nothing while nobody asks. */
export class SystemReport {
  readonly #services: SystemServices;
  readonly #processes: ProcessUsage;
  readonly #counted: Rates;
  readonly #readLive: () => Promise<Pick<SystemAnswer, 'cameras' | 'processes' | 'upMs'>>;
  readonly #readDisks: () => Promise<SystemAnswer['disks']>;
  readonly #readLastDay: () => Promise<SystemAnswer['lastDay']>;
  readonly #readOs: () => Promise<string>;

  constructor(services: SystemServices) {
    const { clock, config, index, programs } = services;
    this.#services = services;
    this.#processes = new ProcessUsage({
      read: readProcesses,
      recorderPid: process.ppid,
      webPid: process.pid,
      programs,
      clock,
    });
    this.#counted = new Rates(clock);
    this.#readOs = remembered(clock, Number.POSITIVE_INFINITY, osName);
    this.#readLive = remembered(clock, LIVE_MS, async () => await this.#live());
    this.#readDisks = remembered(clock, DISKS_MS, async () => [...(await archiveDisks(config(), index))]);
    this.#readLastDay = remembered(clock, DAY_MS, async () => {
      const cameras = config().cameras.map(({ name }) => name);
      return await lastDayOf(index, cameras, clock.wallMs());
    });
  }

  /** @throws IndexError; an error of the system. */
  async read(): Promise<SystemAnswer> {
    const [live, disks, lastDay] = await Promise.all([
      this.#readLive(),
      this.#readDisks(),
      this.#readLastDay(),
    ]);
    const [first, ...others] = cpus();
    return {
      versions: { preroll: this.#services.version, node: process.version, os: await this.#readOs() },
      host: {
        cpuModel: first?.model.trim() ?? '',
        cores: others.length + 1,
        load: process.platform === 'win32' ? null : (loadavg()[0] ?? null),
        memoryBytes: totalmem(),
        freeMemoryBytes: freemem(),
      },
      nowMs: this.#services.clock.wallMs(),
      ...live,
      disks,
      lastDay,
    };
  }

  async #live(): Promise<Pick<SystemAnswer, 'cameras' | 'processes' | 'upMs'>> {
    const [meters, processes] = await Promise.all([this.#meters(), this.#processes.read()]);
    const counts = (meters?.cameras ?? []).flatMap(({ camera, bytes, pictures }) => [
      [`${camera}/bytes`, bytes] as const,
      [`${camera}/pictures`, pictures] as const,
    ]);
    this.#counted.count(new Map(counts));
    return { cameras: this.#cameras(), processes, upMs: meters?.upMs ?? null };
  }

  #cameras(): SystemAnswer['cameras'] {
    return this.#services.followed.cameras.map(({ camera, stream, video }) => {
      const isPlaying = stream.state === 'playing';
      const bytesPerSecond = this.#counted.of(`${camera}/bytes`);
      return {
        camera,
        state: stream.state,
        reason: stream.reason ?? null,
        video,
        bitsPerSecond: isPlaying && bytesPerSecond !== null ? bytesPerSecond * 8 : null,
        fps: isPlaying ? this.#counted.of(`${camera}/pictures`) : null,
      };
    });
  }

  /** Undefined while the recorder does not answer. */
  async #meters(): Promise<MetersJson | undefined> {
    const { clock, recorder } = this.#services;
    const patience = new AbortController();
    using _ = new Watchdog(clock, PATIENCE_MS, () => patience.abort());
    const question = { method: 'GET', path: '/api/meters' } as const;
    const answer = await askRecorder(recorder, question, patience.signal).catch(() => undefined);
    // It is our own recorder that answers.
    return answer?.status === 200 ? (answer.body as MetersJson) : undefined;
  }
}

/** Such as `Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x64`. */
async function osName(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const [, name] = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text) ?? [];
  const kernel = `${type()} ${release()} ${arch()}`;
  return name === undefined ? kernel : `${name}, ${kernel}`;
}
