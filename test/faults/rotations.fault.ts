import type { Fault } from './fault.ts';
import { agreementFigures, agrees, judgeIndex } from './index-agreement.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 20;
const ROTATIONS = 1_000;

export const fault: Fault = {
  title: '1,000 changes from one file to the next lose no picture',
  requires: async () => undefined,
  async run(report) {
    await using trial = await Trial.make({ cameras: CAMERAS, archive: { segmentLength: '5s' } });
    await using preroll = await trial.record();
    for (let rotations = 0; rotations < ROTATIONS; rotations += 100) {
      report(rotations / ROTATIONS, `${rotations} rotations`);
      // A camera's first file ends with a rotation, and so does each one after it.
      await preroll.says(/\] recorded /, rotations + 100);
    }
    const ended = await preroll.interrupt();
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    const agreement = await judgeIndex(trial.database, [trial.archive]);
    return {
      ok: endedWell(ended) && agrees(agreement) && isWhole(footage) && footage.files - CAMERAS >= ROTATIONS,
      figures: {
        cameras: CAMERAS,
        rotations: footage.files - CAMERAS,
        ...footageFigures(footage),
        ...agreementFigures(agreement),
      },
    };
  },
};
