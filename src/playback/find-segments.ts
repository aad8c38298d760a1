import { relative, sep } from 'node:path';
import { FileSource } from '../archive/file-source.ts';
import { listRecordings } from '../archive/list-recordings.ts';
import type { MountedVolume } from '../archive/mounted-volume.ts';
import { findOwnedFile } from '../archive/owned-file.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { ArchiveIndex, IndexQueries } from '../db/archive-index.ts';
import type { SegmentRecord } from '../db/records.ts';
import { readHeader } from '../media/fmp4/header-reader.ts';
import { requireCameraName } from './camera-name.ts';
import type { Span } from './cut.ts';
import { PlaybackError } from './playback-error.ts';
import type { SegmentFile } from './segment.ts';

/** What is asked for, and who is told about what cannot be had. */
export interface FootageQuery {
  readonly camera: string;
  readonly span: Span;
  readonly onProblem: (problem: PlaybackError) => void;
}

/** The index, in this thread or another. */
export type FootageIndex =
  Pick<ArchiveIndex, 'segments' | 'openSegments'> | Pick<IndexQueries, 'segments' | 'openSegments'>;

/**
 * The recordings of a camera that may hold footage of a span, as the index knows them.
 * @param volumes that are there; what lies on others is told.
 * @returns in the order in which they were recorded.
 */
export async function findInIndex(
  index: FootageIndex,
  volumes: readonly MountedVolume[],
  { camera, span, onProblem }: FootageQuery,
): Promise<readonly SegmentFile[]> {
  const overlapping = await overlappingSegments(index, camera, span);
  // What was written to an open one since it was synced the index does not know yet.
  const growing = (await index.openSegments()).filter(
    (open) =>
      open.camera === camera &&
      open.startWallMs < span.toWallMs &&
      !overlapping.some(({ volume, path }) => volume === open.volume && path === open.path),
  );
  const found: SegmentFile[] = [];
  for (const record of [...overlapping, ...growing]) {
    const root = volumes.find(({ id }) => id === record.volume)?.path;
    if (root === undefined) {
      onProblem(new PlaybackError('missing', `${record.path}: the volume that holds it is not there`));
      continue;
    }
    const path = await locate(root, record.path, onProblem);
    const { startWallMs, runStartWallMs, isOpen, kind } = record;
    if (path === undefined) continue;
    found.push({ path, startWallMs, runStartWallMs, isOpen, isTimelapse: kind === 'timelapse' });
  }
  return inOrder(found);
}

type Found = Pick<
  SegmentRecord,
  'volume' | 'path' | 'camera' | 'startWallMs' | 'runStartWallMs' | 'isOpen' | 'kind'
>;

const DAY_MS = 86_400_000;

/** A day at a time and without their fragments, of which a month may have millions. */
async function overlappingSegments(
  index: FootageIndex,
  camera: string,
  { fromWallMs, toWallMs }: Span,
): Promise<readonly Found[]> {
  const found = new Map<string, Found>();
  for (let day = fromWallMs; day < toWallMs; day = wallMs(day + DAY_MS)) {
    const extent = { cameras: [camera], fromWallMs: day, toWallMs: wallMs(Math.min(day + DAY_MS, toWallMs)) };
    for (const { fragments: _, ...segment } of await index.segments(extent)) {
      found.set(JSON.stringify([segment.volume, segment.path]), segment);
    }
  }
  return [...found.values()];
}

/**
 * The same by the files alone, which takes a look at all of the camera's.
 * @throws PlaybackError `outside` for a name that is no camera's folder.
 */
export async function findInFiles(
  roots: readonly string[],
  { camera, span, onProblem }: FootageQuery,
): Promise<readonly SegmentFile[]> {
  requireCameraName(camera);
  const found: SegmentFile[] = [];
  for (const root of roots) {
    for (const { path: listed, startWallMs, endWallMs, kind } of await listRecordings(root, camera)) {
      // One without an end is being written, or was when the recorder was killed: only reading it tells how long it is.
      if (startWallMs >= span.toWallMs || (endWallMs ?? Infinity) < span.fromWallMs) continue;
      const path = await locate(root, relative(root, listed).replaceAll(sep, '/'), onProblem);
      const runStartWallMs = path === undefined ? undefined : await readRunStart(path, onProblem);
      if (path === undefined || runStartWallMs === undefined) continue;
      const [isOpen, isTimelapse] = [endWallMs === undefined, kind === 'timelapse'];
      found.push({ path, startWallMs, runStartWallMs, isOpen, isTimelapse });
    }
  }
  return inOrder(found);
}

/** Where the host's clock was put back, the files of one run come before those of the next. */
function inOrder(files: readonly SegmentFile[]): readonly SegmentFile[] {
  return files.toSorted((a, b) => a.runStartWallMs - b.runStartWallMs || a.startWallMs - b.startWallMs);
}

/** Undefined for a file that is not there, or that is none of the archive's: whatever name the index has, or link. */
async function locate(
  root: string,
  relativePath: string,
  onProblem: (problem: PlaybackError) => void,
): Promise<string | undefined> {
  const owned = await findOwnedFile(root, relativePath);
  if (owned.kind === 'file') return owned.path;
  onProblem(
    owned.kind === 'missing'
      ? new PlaybackError('missing', `${owned.path}: is gone`)
      : new PlaybackError('outside', `${relativePath}: is no file of the archive`),
  );
  return undefined;
}

async function readRunStart(
  path: string,
  onProblem: (problem: PlaybackError) => void,
): Promise<WallMs | undefined> {
  try {
    await using source = await FileSource.open(path);
    return (await readHeader(source)).runStartWallMs;
  } catch (error) {
    onProblem(new PlaybackError('damaged', `${path}: is no whole recording`, { cause: error }));
    return undefined;
  }
}
