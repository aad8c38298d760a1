import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { IndexAccess } from '../../db/index-access.ts';
import type { SegmentRecord, VolumeRecord } from '../../db/records.ts';
import { findOwnedFile } from '../owned-file.ts';
import { isRecordingPath, joined, type FoundFolder } from '../volume-walk.ts';
import type { CheckDepth } from './check-fragments.ts';
import { checkRecording, type CheckedRecording } from './check-recording.ts';
import type { Notice, Problem, ProblemKind } from './problem.ts';

export interface FolderToCheck {
  readonly volume: VolumeRecord;
  readonly folder: FoundFolder;
  /** What the index says of it, by path. */
  readonly rows: ReadonlyMap<string, SegmentRecord>;
  readonly depth: CheckDepth;
  /** A recorder is at work in it: what grows and what it is about to do is no problem. */
  readonly isLive: boolean;
}

export interface FolderListener {
  problem(problem: Problem): void;
  notice(notice: Notice): void;
  /** A recording was looked at. */
  checked(mediaMs: number): void;
}

/** A file younger than this may be one that a recorder is at work on. */
const YOUNG_MS = 60_000;

/**
 * Compares the files of a folder with what the index says of it.
 * @param index undefined where there is none to compare with.
 * @throws an error of the system, IndexError; the signal's reason.
 */
export async function checkFolder(
  index: IndexAccess | undefined,
  { volume, folder, rows, depth, isLive }: FolderToCheck,
  listener: FolderListener,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const recordings = folder.files.filter(({ kind }) => kind === 'recording');
  const names = new Set(recordings.map(({ name }) => name));
  const report = (kind: ProblemKind, path: string, message: string) =>
    listener.problem({ kind, volume, path, message });
  for (const { name, kind } of folder.files) {
    signal.throwIfAborted();
    const path = joined(folder.path, name);
    const isPassing = async () => isLive && (await isYoungOrGone(join(volume.path, path), clock));
    if (kind === 'recording') {
      const row = rows.get(path);
      const { problems, mediaMs } = await check(index, { volume, path, row, depth, isLive }, clock);
      for (const problem of problems) listener.problem(problem);
      listener.checked(mediaMs);
    } else if (kind === 'sidecar' && !names.has(name.replace(/json$/, 'mp4')) && !(await isPassing())) {
      report('orphan-sidecar', path, 'there is no recording beside it');
    } else if (kind === 'leftover' && !(await isPassing())) {
      report('leftover', path, 'it was to be renamed when it was complete');
    } else if (kind === 'foreign') {
      listener.notice({ kind: 'foreign', path: join(volume.path, path), message: 'it is none of ours' });
    }
  }
  for (const row of rows.values()) {
    if (names.has(row.path.slice(folder.path === '' ? 0 : folder.path.length + 1))) continue;
    if (isLive && (await index?.segment(row)) === undefined) continue;
    const problem = await checkPath(volume, row);
    if (problem !== undefined) listener.problem(problem);
  }
}

interface ToCheck {
  readonly volume: VolumeRecord;
  readonly path: string;
  readonly row: SegmentRecord | undefined;
  readonly depth: CheckDepth;
  readonly isLive: boolean;
}

const NOTHING: CheckedRecording = { problems: [], mediaMs: 0 };

async function check(
  index: IndexAccess | undefined,
  { volume, path, row, depth, isLive }: ToCheck,
  clock: Clock,
): Promise<CheckedRecording> {
  const file = join(volume.path, path);
  if (isLive && row?.isOpen === true) return NOTHING;
  const checked = await checkRecording(index, { volume, path, file, row, depth }).catch(goneWhereMissing);
  if (checked === undefined) return NOTHING;
  if (!isLive || checked.problems.length === 0) return checked;
  // Something may have happened between the looks at the index and at the file.
  const now = await index?.segment({ volume: volume.id, path });
  if (now?.isOpen === true || (now === undefined && (await isYoungOrGone(file, clock)))) return NOTHING;
  return (
    (await checkRecording(index, { volume, path, file, row: now, depth }).catch(goneWhereMissing)) ?? NOTHING
  );
}

async function isYoungOrGone(file: string, clock: Clock): Promise<boolean> {
  const stats = await lstat(file).catch(goneWhereMissing);
  return stats === undefined || stats.mtimeMs > clock.wallMs() - YOUNG_MS;
}

/** What is wrong with a row that names none of the recordings found. */
export async function checkPath(volume: VolumeRecord, row: SegmentRecord): Promise<Problem | undefined> {
  const { path } = row;
  const found = await findOwnedFile(volume.path, path);
  if (found.kind === 'missing') return { kind: 'missing-file', volume, path, message: 'it is gone' };
  const isOurs = found.kind === 'file' && isRecordingPath(path);
  return isOurs ? undefined : { kind: 'bad-path', volume, path, message: 'it can be no recording of ours' };
}

function goneWhereMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
