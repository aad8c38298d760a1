import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '../../src/db/open-database.ts';
import type { Fault } from './fault.ts';
import { agreementFigures, agrees, judgeIndex } from './index-agreement.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const LOCKED_MS = 60_000;
const AFTER_MS = 15_000;

export const fault: Fault = {
  title: 'an index that another program locks for a minute costs no picture, and has all rows afterwards',
  requires: async () => undefined,
  async run(report) {
    await using trial = await Trial.make({ cameras: CAMERAS, archive: { segmentLength: '5s' } });
    await using preroll = await trial.record();
    const other = openDatabase(trial.database);
    try {
      other.exec('BEGIN IMMEDIATE');
      report(0.1, 'the index is locked');
      await delay(LOCKED_MS);
      other.exec('ROLLBACK');
    } finally {
      other.close();
    }
    report(0.8, 'it is free again');
    await delay(AFTER_MS);
    const { stderr } = preroll;
    const ended = await preroll.interrupt();
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    const agreement = await judgeIndex(trial.database, [trial.archive]);
    return {
      ok: endedWell(ended) && isWhole(footage) && agrees(agreement),
      figures: {
        cameras: CAMERAS,
        ...footageFigures(footage),
        ...agreementFigures(agreement),
        'times told': stderr.split('the index cannot be written').length - 1,
      },
    };
  },
};
