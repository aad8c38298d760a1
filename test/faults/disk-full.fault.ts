import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { agreementFigures, agrees, judgeIndex } from './index-agreement.ts';
import { MountNamespace } from './mount-namespace.ts';
import { missingFor } from './run-program.ts';
import { endedWell, footageFigures, judgeFootage, Trial } from './trial.ts';

const DISK_MIB = 64;
const CAMERAS = 4;
/** Left beside the ballast, so that it is full soon. */
const ROOM_MIB = 6;
const MIB = 2 ** 20;
const FULL_FOR_MS = 15_000;
const AFTER_RELIEF_MS = 15_000;

export const fault: Fault = {
  title:
    'a full disk ends no recorder and breaks no file, and 30 s after there is room everything is recorded again',
  requires: () => missingFor({ programs: ['unshare', 'nsenter', 'mount'], isRoot: true }),
  async run(report) {
    await using trial = await Trial.make({
      cameras: CAMERAS,
      clip: { widthPx: 640, heightPx: 360, bitrateBps: 1_000_000 },
      archive: { segmentLength: '5s' },
      // Nothing may be deleted to make room.
      retention: { minAge: '1d' },
    });
    await using disk = await MountNamespace.withTmpfs(trial.archive, DISK_MIB);
    const ballast = disk.seen(join(trial.archive, 'ballast'));
    await writeFile(ballast, Buffer.alloc((DISK_MIB - ROOM_MIB) * MIB));
    await using preroll = await trial.record({ through: disk.enter(trial.folder) });
    report(0.2, 'filling the disk');
    await preroll.says('ENOSPC', CAMERAS);
    await delay(FULL_FOR_MS);
    report(0.6, 'full; now there is room');
    const files = preroll.stderr.split('recording to').length;
    await rm(ballast);
    const sinceMs = performance.now();
    await preroll.until('all cameras are recorded again', () =>
      [...trial.cameras.keys()].every((name) =>
        preroll.stderr
          .split('recording to')
          .slice(files)
          .some((text) => text.includes(`${trial.archive}/${name}/`)),
      ),
    );
    const reliefSeconds = (performance.now() - sinceMs) / 1000;
    await delay(AFTER_RELIEF_MS);
    const ended = await preroll.interrupt();
    const footage = await judgeFootage([disk.seen(trial.archive)], trial.cameras.keys());
    const agreement = await judgeIndex(trial.database, [disk.seen(trial.archive)]);
    const { bavail, bsize } = await statfs(disk.seen(trial.archive));
    return {
      ok:
        endedWell(ended) &&
        agrees(agreement) &&
        footage.broken + footage.doubled + footage.reordered === 0 &&
        reliefSeconds < 30,
      figures: {
        cameras: CAMERAS,
        'seconds until all were recorded again': Math.round(reliefSeconds * 10) / 10,
        ...footageFigures(footage),
        ...agreementFigures(agreement),
        'MiB free at the end': Math.round((bavail * bsize) / MIB),
      },
    };
  },
};
