import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { agreementFigures, agrees, judgeIndex } from './index-agreement.ts';
import { missingFor } from './run-program.ts';
import { endedWell, footageFigures, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const AFTER_ERROR_MS = 20_000;
/** What came since the last sync, the GOP under way, and 5 s up to the next key picture; at 10 frames a second. */
const MOST_MISSING_A_FAILURE = 100;

export const fault: Fault = {
  title: 'a sync that fails costs seconds, breaks no file, and is not trusted again',
  requires: () => missingFor({ programs: ['strace'], isRoot: false }),
  async run(report) {
    await using trial = await Trial.make({ cameras: CAMERAS, archive: { segmentLength: '20s' } });
    // The count is of each thread; libuv has four that sync files.
    const inject = ['-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=20'];
    const through = ['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', ...inject];
    await using preroll = await trial.record({ through });
    report(0.2, 'waiting for the 20th sync');
    await preroll.says('EIO');
    report(0.6, 'a sync failed');
    await delay(AFTER_ERROR_MS);
    const ended = await preroll.interrupt();
    const errors = preroll.stderr.split('could not sync').length - 1;
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    const agreement = await judgeIndex(trial.database, [trial.archive]);
    return {
      ok:
        endedWell(ended) &&
        agrees(agreement) &&
        errors > 0 &&
        footage.broken + footage.doubled + footage.reordered === 0 &&
        footage.missing <= errors * MOST_MISSING_A_FAILURE,
      figures: {
        cameras: CAMERAS,
        'failed syncs': errors,
        ...footageFigures(footage),
        ...agreementFigures(agreement),
      },
    };
  },
};
