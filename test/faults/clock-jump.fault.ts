import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { filesBelow } from '../e2e/recordings.ts';
import type { Fault } from './fault.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib64/faketime/libfaketimeMT.so.1',
];
const CAMERAS = 4;
const BETWEEN_MS = 12_000;

/** The host's clock as the recorder sees it, which can be set. */
class FakeClock {
  readonly environment: Readonly<Record<string, string>>;
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'clock');
    this.environment = {
      LD_PRELOAD: LIBRARIES.find((path) => existsSync(path)) ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#path,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  async set(offsetSeconds: number): Promise<void> {
    await writeFile(`${this.#path}.new`, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`);
    await rename(`${this.#path}.new`, this.#path);
  }
}

export const fault: Fault = {
  title: 'the host’s clock set forward and back by an hour while recording costs no picture and no file',
  async requires() {
    return LIBRARIES.some((path) => existsSync(path)) ? undefined : 'needs faketime';
  },
  async run(report) {
    await using trial = await Trial.make({ cameras: CAMERAS, archive: { segmentLength: '5s' } });
    const clock = new FakeClock(trial.folder);
    await clock.set(0);
    await using preroll = await trial.record({ environment: clock.environment });
    const kept = new Set<string>();
    for (const [step, hours] of [1, 0, -1, 0].entries()) {
      report(step / 4, `the clock goes to ${hours} h`);
      await clock.set(hours * 3_600);
      await preroll.says("the host's clock was set by", (step + 1) * CAMERAS);
      await delay(BETWEEN_MS);
      for (const path of await filesBelow(trial.archive)) if (path.endsWith('.mp4')) kept.add(path);
    }
    const ended = await preroll.interrupt();
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    const left = new Set(await filesBelow(trial.archive));
    const deleted = [...kept].filter((path) => !left.has(path)).length;
    return {
      ok: endedWell(ended) && isWhole(footage) && deleted === 0,
      figures: { jumps: 4, cameras: CAMERAS, ...footageFigures(footage), 'deleted files': deleted },
    };
  },
};
