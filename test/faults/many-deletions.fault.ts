import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { wallMs } from '../../src/base/time.ts';
import type { SegmentRecord } from '../../src/db/records.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { sidecarPath } from '../../src/archive/sidecar.ts';
import { writeIdentity } from '../../src/archive/volume-identity.ts';
import type { Fault, FaultReport } from './fault.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const RECORDINGS = 10_000;
const CLIP = { widthPx: 640, heightPx: 360, bitrateBps: 1_000_000 };
const EVER = { fromWallMs: wallMs(0), toWallMs: wallMs(Number.MAX_SAFE_INTEGER) };
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

export const fault: Fault = {
  title: '10,000 recordings are deleted beside four cameras without a lost picture',
  requires: async () => undefined,
  async run(report) {
    await using trial = await Trial.make({
      cameras: CAMERAS,
      clip: CLIP,
      archive: { segmentLength: '5s' },
      retention: { continuousMaxAge: '1d' },
    });
    await fillArchive(trial, await recordOne(), report);
    report(0.6, 'recording, and deleting');
    await using preroll = await trial.record();
    const startMs = performance.now();
    await preroll.says(new RegExp(` deleted ${RECORDINGS} recordings`));
    const seconds = (performance.now() - startMs) / 1000;
    report(0.9, 'deleted');
    await preroll.says(/\] recorded /, 2 * CAMERAS);
    const ended = await preroll.interrupt();
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    return {
      ok: endedWell(ended) && isWhole(footage),
      figures: {
        deleted: RECORDINGS,
        'seconds it took': Math.round(seconds * 10) / 10,
        cameras: CAMERAS,
        ...footageFigures(footage),
      },
    };
  },
};

/** What the recorder makes of five seconds of a camera. */
interface Sample {
  readonly bytes: Buffer;
  readonly sidecar: string;
  readonly segment: SegmentRecord;
}

async function recordOne(): Promise<Sample> {
  await using trial = await Trial.make({ cameras: 1, clip: CLIP, archive: { segmentLength: '5s' } });
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

/** As if recorded without a break until ten days ago. */
async function fillArchive(trial: Trial, sample: Sample, report: FaultReport): Promise<void> {
  const volume = await writeIdentity(trial.archive);
  const index = SqliteIndex.open(trial.database);
  index.apply([{ type: 'volume', volume: { id: volume, path: trial.archive } }]);
  for (const [i, camera] of [...trial.cameras.keys()].entries()) {
    report((0.5 * i) / CAMERAS, `making old recordings of ${camera}`);
    const segments = Array.from({ length: RECORDINGS / CAMERAS }, (_, minute) =>
      oldSegment(sample, {
        volume,
        camera,
        endWallMs: wallMs(Date.now() - 10 * DAY_MS - minute * MINUTE_MS),
      }),
    );
    for (const segment of segments) await writeCopy(join(trial.archive, segment.path), sample, segment);
    index.apply(segments.map((segment) => ({ type: 'segment', segment })));
  }
  index.close();
}

function oldSegment(
  { segment }: Sample,
  old: Pick<SegmentRecord, 'volume' | 'camera' | 'endWallMs'>,
): SegmentRecord {
  const startWallMs = wallMs(old.endWallMs - (segment.endWallMs - segment.startWallMs));
  const [day = '', time = ''] = new Date(startWallMs).toISOString().split('T');
  const path = `${old.camera}/${day}/${time.slice(0, 8).replaceAll(':', '-')}.mp4`;
  return { ...segment, ...old, path, startWallMs, runStartWallMs: startWallMs };
}

async function writeCopy(path: string, { bytes, sidecar }: Sample, segment: SegmentRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  const start = new Date(segment.startWallMs).toISOString();
  const end = new Date(segment.endWallMs).toISOString();
  const content = {
    ...(JSON.parse(sidecar) as object),
    camera: segment.camera,
    file: basename(path),
    start,
    end,
  };
  await writeFile(sidecarPath(path), JSON.stringify(content));
}
