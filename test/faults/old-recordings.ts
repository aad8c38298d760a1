import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { wallMs } from '../../src/base/time.ts';
import { sidecarPath } from '../../src/archive/sidecar.ts';
import { writeIdentity } from '../../src/archive/volume-identity.ts';
import type { SegmentRecord } from '../../src/db/records.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { Trial, type TrialOptions } from './trial.ts';

const EVER = { fromWallMs: wallMs(0), toWallMs: wallMs(Number.MAX_SAFE_INTEGER) };
const MINUTE_MS = 60_000;
const TEN_DAYS_MS = 14_400 * MINUTE_MS;

/** A recording to make others of. */
export interface Sample {
  readonly bytes: Buffer;
  readonly sidecar: string;
  readonly segment: SegmentRecord;
}

/** What the recorder makes of five seconds of a camera. */
export async function recordSample(clip: NonNullable<TrialOptions['clip']>): Promise<Sample> {
  await using trial = await Trial.make({ cameras: 1, clip, archive: { segmentLength: '5s' } });
  await using preroll = await trial.record();
  await preroll.says('] recorded ');
  await preroll.interrupt();
  const index = SqliteIndex.open(trial.database);
  const segment = index.segments(EVER).find(({ isOpen }) => !isOpen);
  index.close();
  if (segment === undefined) throw new Error('expected a recording in the index, found none');
  const path = join(trial.archive, segment.path);
  return { bytes: await readFile(path), sidecar: await readFile(sidecarPath(path), 'utf8'), segment };
}

/**
 * Fills a trial's archive, in which nothing was recorded yet, as if each camera had been recorded once a minute until ten
 * days ago.
 * @param count of each camera.
 * @returns what the index has of them.
 */
export async function addOldRecordings(
  trial: Trial,
  { segment, ...sample }: Sample,
  count: number,
): Promise<readonly SegmentRecord[]> {
  const volume = await writeIdentity(trial.archive);
  const index = SqliteIndex.open(trial.database);
  index.apply([{ type: 'volume', volume: { id: volume, path: trial.archive } }]);
  const endMs = Date.now() - TEN_DAYS_MS;
  const added: SegmentRecord[] = [];
  for (const camera of trial.cameras.keys()) {
    const old = Array.from({ length: count }, (_, minute) =>
      moved(segment, { volume, camera, endWallMs: wallMs(endMs - minute * MINUTE_MS) }),
    );
    for (const one of old) await write(join(trial.archive, one.path), sample, one);
    index.apply(old.map((one) => ({ type: 'segment', segment: one })));
    added.push(...old);
  }
  index.close();
  return added;
}

function moved(
  segment: SegmentRecord,
  to: Pick<SegmentRecord, 'volume' | 'camera' | 'endWallMs'>,
): SegmentRecord {
  const startWallMs = wallMs(to.endWallMs - (segment.endWallMs - segment.startWallMs));
  const [day = '', time = ''] = new Date(startWallMs).toISOString().split('T');
  const path = `${to.camera}/${day}/${time.slice(0, 8).replaceAll(':', '-')}.mp4`;
  return { ...segment, ...to, path, startWallMs, runStartWallMs: startWallMs };
}

async function write(path: string, { bytes, sidecar }: Omit<Sample, 'segment'>, segment: SegmentRecord) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  // Our own file.
  const content = JSON.parse(sidecar) as object;
  const start = new Date(segment.startWallMs).toISOString();
  const end = new Date(segment.endWallMs).toISOString();
  const told = { ...content, camera: segment.camera, file: basename(path), start, end };
  await writeFile(sidecarPath(path), JSON.stringify(told));
}
