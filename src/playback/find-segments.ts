import { relative } from 'node:path';
import { listRecordings } from '../archive/list-recordings.ts';
import { realPathBelow } from '../archive/real-path.ts';
import type { WallMs } from '../base/time.ts';
import { folderProblem } from '../config/folder-template.ts';
import type { Span } from './cut.ts';
import { PlaybackError } from './playback-error.ts';
import { Segment, type SegmentFile } from './segment.ts';

/** What is asked for, and who is told about what cannot be had. */
export interface FootageQuery {
  readonly camera: string;
  readonly span: Span;
  readonly onProblem: (problem: PlaybackError) => void;
}

interface FoundSegment {
  readonly file: SegmentFile;
  readonly startWallMs: WallMs;
  readonly runStartWallMs: WallMs;
}

/**
 * The recordings of a camera that may hold footage of a span, in the order in which they were recorded, by the files
 * alone.
 * @throws PlaybackError `outside` for a name that is no camera's folder.
 */
export async function findSegmentsInFiles(
  root: string,
  { camera, span, onProblem }: FootageQuery,
): Promise<readonly SegmentFile[]> {
  const problem = camera.includes('/') ? 'a path' : folderProblem(camera);
  if (problem !== undefined) throw new PlaybackError('outside', `expected a camera's name, found ${problem}`);
  const found: FoundSegment[] = [];
  for (const { path, startWallMs, endWallMs } of await listRecordings(root, camera)) {
    // One without an end is being written, or was when the recorder was killed: only reading it tells how long it is.
    if (startWallMs >= span.toWallMs || (endWallMs ?? Infinity) < span.fromWallMs) continue;
    const real = await locate(root, relative(root, path), onProblem);
    if (real === undefined) continue;
    const file = { path: real, isOpen: endWallMs === undefined };
    found.push({ file, startWallMs, runStartWallMs: await runStartOf(file, startWallMs) });
  }
  return inOrder(found);
}

/** Where the host's clock was put back, the files of one run come before those of the next. */
function inOrder(found: readonly FoundSegment[]): readonly SegmentFile[] {
  return found
    .toSorted((a, b) => a.runStartWallMs - b.runStartWallMs || a.startWallMs - b.startWallMs)
    .map(({ file }) => file);
}

/** Whoever reads a file that cannot be read tells about it. */
async function runStartOf(file: SegmentFile, otherwise: WallMs): Promise<WallMs> {
  try {
    await using segment = await Segment.open(file);
    return segment.runStartWallMs;
  } catch (error) {
    if (error instanceof PlaybackError) return otherwise;
    throw error;
  }
}

async function locate(
  root: string,
  path: string,
  onProblem: (problem: PlaybackError) => void,
): Promise<string | undefined> {
  try {
    const real = await realPathBelow(root, path);
    if (real !== undefined) return real;
    onProblem(new PlaybackError('outside', `${path}: leads out of the archive, and is left out`));
  } catch (error) {
    onProblem(new PlaybackError('missing', `${path}: cannot be found`, { cause: error }));
  }
  return undefined;
}
