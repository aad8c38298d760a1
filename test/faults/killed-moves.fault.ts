import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readIdentity } from '../../src/archive/volume-identity.ts';
import type { SegmentRecord } from '../../src/db/records.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { filesBelow } from '../e2e/recordings.ts';
import type { Fault } from './fault.ts';
import { addOldRecordings, recordSample } from './old-recordings.ts';
import { endedWell, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const RECORDINGS = 3_000;
const KILLS = 20;
/** The first look of a recorder finds the archive being put right, the second one moves. */
const SHORTEST_LIFE_MS = 5_000;
const LONGEST_LIFE_MS = 8_000;

export const fault: Fault = {
  title:
    'recordings that move to a big disk while the recorder is killed again and again arrive once, byte for byte, and nothing is left behind',
  requires: async () => undefined,
  async run(report) {
    const sample = await recordSample({});
    await using trial = await Trial.make({
      cameras: CAMERAS,
      archive: { segmentLength: '5s', moveAfter: '1h', volumes: [{ path: 'big' }] },
    });
    const big = join(trial.folder, 'big');
    const old = await addOldRecordings(trial, sample, RECORDINGS / CAMERAS);
    for (let kills = 0; kills < KILLS; kills += 1) {
      report((0.8 * kills) / KILLS, `kill ${kills + 1}, ${await countOf(old, big)} of ${RECORDINGS} moved`);
      await using preroll = await trial.record();
      await delay(SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      preroll.signal('SIGKILL');
      await preroll.ended;
    }
    const beforeLast = await countOf(old, big);
    report(0.9, `${beforeLast} of ${RECORDINGS} moved`);
    await using last = await trial.record();
    while ((await countOf(old, trial.archive)) > 0) await delay(500);
    const ended = await last.interrupt();
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    const wrong = await wrongCopies(old, big, sample.bytes);
    const rows = await wrongRows(trial.database, old, big);
    const unfinished = [...(await filesBelow(trial.archive)), ...(await filesBelow(big))].filter((path) =>
      path.endsWith('.new'),
    );
    return {
      ok:
        endedWell(ended) &&
        footage.broken + footage.doubled + wrong + rows + unfinished.length === 0 &&
        beforeLast > 0,
      figures: {
        kills: KILLS,
        moved: RECORDINGS,
        'moved between kills': beforeLast,
        'missing or different copies': wrong,
        'missing or doubled rows': rows,
        'unfinished files': unfinished.length,
        cameras: CAMERAS,
        'broken files': footage.broken,
      },
    };
  },
};

/** How many of them lie in this volume. */
async function countOf(old: readonly SegmentRecord[], volume: string): Promise<number> {
  const files = new Set(await filesBelow(volume));
  return old.filter(({ path }) => files.has(join(volume, path))).length;
}

async function wrongCopies(old: readonly SegmentRecord[], volume: string, bytes: Buffer): Promise<number> {
  const checks = old.map(async ({ path }) => {
    const found = await readFile(join(volume, path)).catch(() => undefined);
    return found?.equals(bytes) === true;
  });
  return (await Promise.all(checks)).filter((isRight) => !isRight).length;
}

/** Of each recording there should be one row, on the other volume, and there of nothing else. */
async function wrongRows(database: string, old: readonly SegmentRecord[], volume: string): Promise<number> {
  const found = await readIdentity(volume);
  const id = found.kind === 'volume' ? found.id : '';
  const index = SqliteIndex.open(database);
  const wrong = old.filter(
    ({ path, volume: before }) =>
      index.segment({ volume: id, path }) === undefined ||
      index.segment({ volume: before, path }) !== undefined,
  );
  const rows = index.usage().reduce((sum, one) => sum + (one.volume === id ? one.segments : 0), 0);
  index.close();
  return wrong.length + Math.abs(rows - old.length);
}
