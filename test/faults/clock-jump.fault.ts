import { setTimeout as delay } from 'node:timers/promises';
import { filesBelow } from '../e2e/recordings.ts';
import { FakeClock } from './fake-clock.ts';
import type { Fault } from './fault.ts';
import { agreementFigures, agrees, judgeIndex } from './index-agreement.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const BETWEEN_MS = 12_000;

export const fault: Fault = {
  title: 'the host’s clock set forward and back by an hour while recording costs no picture and no file',
  async requires() {
    return FakeClock.missing();
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
    const agreement = await judgeIndex(trial.database, [trial.archive]);
    const left = new Set(await filesBelow(trial.archive));
    const deleted = [...kept].filter((path) => !left.has(path)).length;
    return {
      ok: endedWell(ended) && agrees(agreement) && isWhole(footage) && deleted === 0,
      figures: {
        jumps: 4,
        cameras: CAMERAS,
        ...footageFigures(footage),
        ...agreementFigures(agreement),
        'deleted files': deleted,
      },
    };
  },
};
