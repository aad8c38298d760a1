import { wallMs, type WallMs } from '../base/time.ts';
import type { Extent } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import type { EventRecord, FileKey, RunRecord, SegmentRecord, VolumeRecord } from '../db/records.ts';

const ROWS_AT_ONCE = 500;

/** All segments in the order of volume and path, a page at a time in memory. */
export async function* allSegments(
  index: Pick<IndexAccess, 'segmentsByPath'>,
  after?: FileKey,
): AsyncGenerator<SegmentRecord> {
  for (let last = after; ; ) {
    const page = await index.segmentsByPath(last, ROWS_AT_ONCE);
    yield* page;
    last = page.at(-1);
    if (page.length < ROWS_AT_ONCE) return;
  }
}

/** The rows of files that lie in a folder itself, by path. */
export async function rowsIn(
  index: Pick<IndexAccess, 'segmentsByPath'>,
  volume: VolumeRecord,
  folder: string,
): Promise<ReadonlyMap<string, SegmentRecord>> {
  const rows = new Map<string, SegmentRecord>();
  const prefix = folder === '' ? '' : `${folder}/`;
  // Paths are in order, so those of a folder and of all in it are neighbours.
  for await (const row of allSegments(index, { volume: volume.id, path: prefix })) {
    if (row.volume !== volume.id || !row.path.startsWith(prefix)) break;
    if (!row.path.slice(prefix.length).includes('/')) rows.set(row.path, row);
  }
  return rows;
}

const DAY_MS = 24 * 3_600_000;

/** The paths of the segments in a folder itself. */
export async function pathsIn(
  index: Pick<IndexAccess, 'pathsAfter'>,
  volume: VolumeRecord,
  folder: string,
): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  const prefix = folder === '' ? '' : `${folder}/`;
  for (let after = prefix; ; ) {
    const page = await index.pathsAfter({ volume: volume.id, path: after }, ROWS_AT_ONCE);
    for (const path of page) {
      if (!path.startsWith(prefix)) return paths;
      if (!path.slice(prefix.length).includes('/')) paths.add(path);
      after = path;
    }
    if (page.length < ROWS_AT_ONCE) return paths;
  }
}

/** All segments of a camera in the order of their starts, a day at a time in memory. */
export async function* segmentsInTime(
  index: Pick<IndexAccess, 'usage' | 'segments'>,
  camera: string,
): AsyncGenerator<SegmentRecord> {
  const extent = await extentOf(index, camera);
  if (extent === undefined) return;
  for (let dayMs: number = extent.fromWallMs; dayMs < extent.toWallMs; dayMs += DAY_MS) {
    const day = { cameras: [camera], fromWallMs: wallMs(dayMs), toWallMs: wallMs(dayMs + DAY_MS) };
    // Those that began before were in the day before.
    yield* (await index.segments(day)).filter(({ startWallMs }) => startWallMs >= dayMs);
  }
}

/** From the oldest to the newest recording of a camera; undefined where it has none. */
export async function extentOf(
  index: Pick<IndexAccess, 'usage'>,
  camera: string,
): Promise<(Extent & { readonly cameras: readonly [string] }) | undefined> {
  const usage = (await index.usage()).filter((row) => row.camera === camera);
  if (usage.length === 0) return undefined;
  const fromWallMs = wallMs(Math.min(...usage.map(({ oldestWallMs }) => oldestWallMs)));
  // Half-open: the newest moment itself is in it.
  const toWallMs = wallMs(Math.max(...usage.map(({ newestWallMs }) => newestWallMs)) + 1);
  return { cameras: [camera], fromWallMs, toWallMs };
}

/** The event of a camera that was opened at this moment, if the index knows it. */
export async function findEvent(
  index: Pick<IndexAccess, 'events'>,
  camera: string,
  triggerWallMs: WallMs,
): Promise<EventRecord | undefined> {
  const events = await index.events({ cameras: [camera], ...momentFrom(triggerWallMs) });
  return events.find((event) => event.triggerWallMs === triggerWallMs);
}

/** Whether the index knows a run of this camera that began at this moment. */
export async function knowsRun(
  index: Pick<IndexAccess, 'runs'>,
  { camera, startWallMs }: RunRecord,
): Promise<boolean> {
  const runs = await index.runs({ cameras: [camera], ...momentFrom(startWallMs) });
  return runs.some((run) => run.startWallMs === startWallMs);
}

function momentFrom(moment: WallMs): Pick<Extent, 'fromWallMs' | 'toWallMs'> {
  return { fromWallMs: moment, toWallMs: wallMs(moment + 1) };
}
