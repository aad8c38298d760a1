import type { Clock } from '../base/clock.ts';
import type { WebPrograms } from '../control/web-messages.ts';
import type { ProcessRole, SystemAnswer } from './api/system.ts';
import { Rates } from './rates.ts';
import { programName, type ProcessReading } from './read-processes.ts';

export interface ProcessUsageOptions {
  readonly read: (recorderPid: number) => Promise<readonly ProcessReading[] | undefined>;
  readonly recorderPid: number;
  readonly webPid: number;
  readonly programs: WebPrograms;
  readonly clock: Clock;
}

const ROLE_OF_PROGRAM: Readonly<Record<keyof WebPrograms, ProcessRole>> = {
  analyzer: 'analyzer',
  transcoder: 'transcoder',
  sound: 'sound',
  source: 'source',
  index: 'index',
  configReader: 'config-reader',
  picture: 'picture',
  motionTrial: 'motion-trial',
  moment: 'moment',
};

/** What the processes of Preroll take of CPU and memory. */
export class ProcessUsage {
  readonly #options: ProcessUsageOptions;
  readonly #cpuMs: Rates;

  constructor(options: ProcessUsageOptions) {
    this.#options = options;
    this.#cpuMs = new Rates(options.clock);
  }

  /** Null where the system does not tell. */
  async read(): Promise<SystemAnswer['processes']> {
    const { read, recorderPid } = this.#options;
    const readings = await read(recorderPid);
    if (readings === undefined) return null;
    this.#cpuMs.count(new Map(readings.map((reading) => [String(reading.pid), reading.cpuMs])));
    return readings.map((reading) => {
      const msPerSecond = this.#cpuMs.of(String(reading.pid));
      return {
        pid: reading.pid,
        role: this.#roleOf(reading),
        name: programName(reading),
        cpu: msPerSecond === null ? null : msPerSecond / 1_000,
        memoryBytes: reading.memoryBytes,
      };
    });
  }

  #roleOf({ pid, parentPid, command }: ProcessReading): ProcessRole {
    const { recorderPid, webPid, programs } = this.#options;
    if (pid === recorderPid) return 'recorder';
    if (pid === webPid) return 'web';
    // The keys are those of the interface.
    const names = Object.keys(ROLE_OF_PROGRAM) as (keyof WebPrograms)[];
    const name = names.find((each) => command.includes(programs[each]));
    if (name === 'index' && parentPid === webPid) return 'web-index';
    return name === undefined ? 'other' : ROLE_OF_PROGRAM[name];
  }
}
