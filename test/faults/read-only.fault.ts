import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { agreementFigures, agrees, judgeIndex } from './index-agreement.ts';
import { MountNamespace } from './mount-namespace.ts';
import { missingFor } from './run-program.ts';
import { endedWell, footageFigures, judgeFootage, Trial } from './trial.ts';

const READ_ONLY_FOR_MS = 15_000;
const ATTEMPT_EVERY_MS = 50;
const LONGEST_ATTEMPT_MS = 60_000;
const AFTER_RELIEF_MS = 10_000;

export const fault: Fault = {
  title:
    'a disk that turns read-only ends no recorder, and 30 s after it can be written again everything is recorded',
  requires: () => missingFor({ programs: ['unshare', 'nsenter', 'mount'], isRoot: true }),
  async run(report) {
    await using trial = await Trial.make({
      // A disk with files open for writing cannot be made read-only; one camera has none for a moment between two.
      cameras: 1,
      clip: { gopSeconds: 2 },
      archive: { segmentLength: '5s' },
    });
    await using disk = await MountNamespace.withTmpfs(trial.archive, 64);
    const remount = (how: 'ro' | 'rw') => disk.run('mount', '-o', `remount,${how}`, trial.archive);
    await using preroll = await trial.record({ through: disk.enter(trial.folder) });
    report(0.1, 'making the disk read-only');
    const untilMs = performance.now() + LONGEST_ATTEMPT_MS;
    while (
      !(await remount('ro').then(
        () => true,
        () => false,
      ))
    ) {
      if (performance.now() > untilMs) throw new Error('the disk could not be made read-only');
      await delay(ATTEMPT_EVERY_MS);
    }
    await preroll.says('EROFS');
    await delay(READ_ONLY_FOR_MS);
    report(0.6, 'making it writable again');
    const files = preroll.stderr.split('recording to').length - 1;
    await remount('rw');
    const sinceMs = performance.now();
    await preroll.says('recording to', files + 1);
    const reliefSeconds = (performance.now() - sinceMs) / 1000;
    await delay(AFTER_RELIEF_MS);
    const ended = await preroll.interrupt();
    const footage = await judgeFootage([disk.seen(trial.archive)], trial.cameras.keys());
    const agreement = await judgeIndex(trial.database, [disk.seen(trial.archive)]);
    return {
      ok:
        endedWell(ended) &&
        agrees(agreement) &&
        footage.broken + footage.doubled + footage.reordered === 0 &&
        reliefSeconds < 30,
      figures: {
        'seconds until it was recorded again': Math.round(reliefSeconds * 10) / 10,
        ...footageFigures(footage),
        ...agreementFigures(agreement),
      },
    };
  },
};
