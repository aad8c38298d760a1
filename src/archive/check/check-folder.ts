import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SegmentRecord, VolumeRecord } from '../../db/records.ts';
import { findOwnedFile } from '../owned-file.ts';
import { isRecordingPath, joined, type FoundFolder } from '../volume-walk.ts';
import type { CheckContext } from './check-context.ts';
import { checkRecording, type CheckedRecording } from './check-recording.ts';
import type { ProblemKind } from './problem.ts';

export interface FolderToCheck {
  readonly volume: VolumeRecord;
  readonly folder: FoundFolder;
  /** What the index says of it, by path. */
  readonly rows: ReadonlyMap<string, SegmentRecord>;
}

/** A file younger than this may be one that a recorder is at work on. */
const YOUNG_MS = 60_000;
const NOTHING: CheckedRecording = { problems: [], mediaMs: 0 };

/**
 * Compares the files of a folder with what the index says of it.
 * @throws an error of the system, IndexError; the signal's reason.
 */
export async function checkFolder(context: CheckContext, checked: FolderToCheck): Promise<void> {
  const { listener, signal } = context;
  const { volume, folder, rows } = checked;
  const recordings = folder.files.filter(({ kind }) => kind === 'recording');
  const names = new Set(recordings.map(({ name }) => joined(folder.path, name)));
  const report = (kind: ProblemKind, path: string, message: string) =>
    listener.problem({ kind, volume, path, message });
  for (const { name, kind } of folder.files) {
    signal.throwIfAborted();
    const path = joined(folder.path, name);
    const file = join(volume.path, path);
    if (kind === 'recording') {
      const { problems, mediaMs } = await checkFile(context, volume, path, rows.get(path));
      for (const problem of problems) listener.problem(problem);
      listener.checked(mediaMs);
    } else if (kind === 'foreign') {
      listener.notice({ kind, path: file, message: 'it is none of ours' });
    } else if (await isPassing(context, file)) {
      continue;
    } else if (kind === 'leftover') {
      report('leftover', path, 'it was to be renamed when it was complete');
    } else if (kind === 'sidecar' && !names.has(path.replace(/json$/, 'mp4'))) {
      report('orphan-sidecar', path, 'there is no recording beside it');
    }
  }
  for (const row of rows.values()) if (!names.has(row.path)) await checkPath(context, volume, row);
}

/** A row that names none of the recordings found. */
export async function checkPath(
  { index, isLive, listener }: CheckContext,
  volume: VolumeRecord,
  row: SegmentRecord,
): Promise<void> {
  if (isLive && (await index?.segment(row)) === undefined) return;
  const { path } = row;
  const report = (kind: ProblemKind, message: string) => listener.problem({ kind, volume, path, message });
  const found = await findOwnedFile(volume.path, path);
  if (found.kind === 'missing') report('missing-file', 'it is gone');
  else if (found.kind === 'foreign' || !isRecordingPath(path)) {
    report('bad-path', 'it can be no recording of ours');
  }
}

async function checkFile(
  context: CheckContext,
  volume: VolumeRecord,
  path: string,
  row: SegmentRecord | undefined,
): Promise<CheckedRecording> {
  const { index, isLive, depth } = context;
  const file = join(volume.path, path);
  const check = async (expected: SegmentRecord | undefined) =>
    (await checkRecording(index, { volume, path, file, row: expected, depth }).catch(goneWhereMissing)) ??
    NOTHING;
  if (isLive && row?.isOpen === true) return NOTHING;
  const checked = await check(row);
  if (checked.problems.length === 0) return checked;
  if (row === undefined && (await isGarbage(context, volume, path))) return NOTHING;
  if (!isLive) return checked;
  // Something may have happened between the looks at the index and at the file.
  const now = await index?.segment({ volume: volume.id, path });
  if (now?.isOpen === true || (now === undefined && (await isPassing(context, file)))) return NOTHING;
  return await check(now);
}

/** Files that are to be deleted are told all together. */
async function isGarbage({ index }: CheckContext, volume: VolumeRecord, path: string): Promise<boolean> {
  const garbage = (await index?.garbage()) ?? [];
  return garbage.some((file) => file.volume === volume.id && file.path === path);
}

/** Whether a recorder may be about to do something with it. */
async function isPassing({ isLive, clock }: CheckContext, file: string): Promise<boolean> {
  if (!isLive) return false;
  const stats = await lstat(file).catch(goneWhereMissing);
  return stats === undefined || stats.mtimeMs > clock.wallMs() - YOUNG_MS;
}

function goneWhereMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
