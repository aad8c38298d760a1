import { copyFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { wallMs } from '../../src/base/time.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { PrerollProcess } from '../e2e/preroll-process.ts';
import type { Fault } from './fault.ts';
import { MountNamespace } from './mount-namespace.ts';
import { missingFor } from './run-program.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const DISK_MIB = 128;
const MIB = 2 ** 20;
/** Beside the ballast, for all cameras together half a minute. */
const ROOM_MIB = 20;
const DELETIONS = 6;
const AFTERWARDS_MS = 15_000;

export const fault: Fault = {
  title:
    'on a full disk the oldest recordings go for new ones without a lost picture, and when somebody takes the last room, it is made at once',
  requires: () => missingFor({ programs: ['unshare', 'nsenter', 'mount'], isRoot: true }),
  async run(report) {
    await using trial = await Trial.make({
      cameras: CAMERAS,
      clip: { widthPx: 640, heightPx: 360, bitrateBps: 1_000_000 },
      archive: { path: 'disk/archive', index: 'disk/preroll.db', segmentLength: '5s' },
    });
    // The index lies on the same disk, as it does by default.
    const folder = join(trial.folder, 'disk');
    await using disk = await MountNamespace.withTmpfs(folder, DISK_MIB);
    const place = disk.seen(folder);
    const archive = join(place, 'archive');
    await writeFile(join(place, 'ballast'), Buffer.alloc((DISK_MIB - ROOM_MIB) * MIB));
    const through = disk.enter(trial.folder);
    let leastFreeBytes = Number.POSITIVE_INFINITY;
    await using first = await trial.record({ through });
    for (let times = 1; times <= DELETIONS; times += 1) {
      await first.says(' deleted ', times);
      leastFreeBytes = Math.min(leastFreeBytes, await freeBytes(place));
      report(times / DELETIONS / 2, `deleted ${times} times`);
    }
    const firstEnded = await first.interrupt();
    const footage = await judgeFootage([archive], trial.cameras.keys());

    await using second = await trial.record({ through });
    report(0.7, 'somebody takes the last room');
    const before = second.stderr.length;
    await takeAll(join(place, 'greed'));
    const sinceMs = performance.now();
    const said = (text: string) => second.stderr.slice(before).includes(text);
    // Mostly recording notices first, and sometimes retention.
    await second.until('somebody noticed', () => said('ENOSPC') || said(' deleted '));
    await second.until('all cameras are recorded again', () =>
      [...trial.cameras.keys()].every((camera) => said(`[${camera}] recording to`)),
    );
    const reliefSeconds = (performance.now() - sinceMs) / 1000;
    await delay(AFTERWARDS_MS);
    const secondEnded = await second.interrupt();
    // A description for which there was no room is written by whoever puts the archive right.
    const repair = { folder: trial.folder, through };
    const check = await PrerollProcess.run(['archive', 'check', '--repair', '--json'], repair);
    // SQLite would follow the path out of the mount.
    await copyFile(join(place, 'preroll.db'), trial.database);
    const atTheEnd = await judgeFootage([archive], trial.cameras.keys());
    return {
      ok:
        endedWell(firstEnded) &&
        isWhole(footage) &&
        endedWell(secondEnded) &&
        atTheEnd.broken + atTheEnd.doubled === 0 &&
        reliefSeconds < 30,
      figures: {
        cameras: CAMERAS,
        ...footageFigures(footage),
        'least MiB free': Math.round((10 * leastFreeBytes) / MIB) / 10,
        'seconds until all were recorded again': Math.round(reliefSeconds * 10) / 10,
        'exit code of archive check --repair': check.code ?? 'none',
        'seconds told as lost to the disk': diskGapSeconds(trial.database),
      },
    };
  },
};

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function takeAll(path: string): Promise<void> {
  const portion = Buffer.alloc(64 * 1024);
  try {
    for (;;) await writeFile(path, portion, { flag: 'a' });
  } catch {
    // Until there is no room any more.
  }
}

/** Of all cameras together. */
function diskGapSeconds(database: string): number {
  const index = SqliteIndex.open(database);
  const gaps = index.gaps({ fromWallMs: wallMs(0), toWallMs: wallMs(Number.MAX_SAFE_INTEGER) });
  index.close();
  const lost = gaps.filter(({ cause }) => cause === 'disk');
  return Math.round(lost.reduce((sum, gap) => sum + gap.endWallMs - gap.startWallMs, 0) / 100) / 10;
}
