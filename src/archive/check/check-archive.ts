import type { Clock } from '../../base/clock.ts';
import type { IndexAccess } from '../../db/index-access.ts';
import { IndexError } from '../../db/index-error.ts';
import type { SegmentRecord, VolumeRecord } from '../../db/records.ts';
import { allSegments, rowsIn } from '../index-rows.ts';
import { walkVolume } from '../volume-walk.ts';
import { checkFolder, checkPath, type FolderListener } from './check-folder.ts';
import type { CheckDepth } from './check-fragments.ts';
import { sumProblems } from './check-sums.ts';
import { findTwins } from './check-twins.ts';
import type { ProblemKind } from './problem.ts';

export interface ArchiveToCheck {
  /** Undefined where there is none: then files are held against themselves only. */
  readonly index: IndexAccess | undefined;
  readonly indexPath: string;
  /** Those that are there. */
  readonly volumes: readonly VolumeRecord[];
  readonly depth: CheckDepth;
  /** A recorder is at work in it. */
  readonly isLive: boolean;
  readonly clock: Clock;
}

/**
 * Looks at every file of an archive and everything its index holds, and tells what is wrong. Changes nothing, follows no
 * links.
 * @throws an error of the system when something cannot be read; IndexError `locked` or `io`; the signal's reason.
 */
export async function checkArchive(
  archive: ArchiveToCheck,
  listener: FolderListener,
  signal: AbortSignal,
): Promise<void> {
  const { index, indexPath } = archive;
  const report = (kind: ProblemKind, message: string) =>
    listener.problem({ kind, volume: undefined, path: indexPath, message });
  try {
    const problems = (await index?.integrityProblems()) ?? [];
    for (const problem of problems) report('damaged-index', problem);
    const isUsable = index !== undefined && problems.length === 0;
    const seen = await checkVolumes({ ...archive, index: isUsable ? index : undefined }, listener, signal);
    if (isUsable) await checkIndex(archive, index, seen, listener, signal);
  } catch (error) {
    if (!(error instanceof IndexError) || error.kind !== 'damaged') throw error;
    report('damaged-index', error.message);
    await checkVolumes({ ...archive, index: undefined }, listener, signal);
  }
}

/** @returns the folders that are there, by volume. */
async function checkVolumes(
  { index, volumes, depth, isLive, clock }: ArchiveToCheck,
  listener: FolderListener,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const seen = new Map<string, Set<string>>();
  for (const volume of volumes) {
    const folders = new Set<string>();
    seen.set(volume.id, folders);
    for await (const folder of walkVolume(volume.path, undefined, signal)) {
      folders.add(folder.path);
      const rows = index === undefined ? new Map() : await rowsIn(index, volume, folder.path);
      await checkFolder(index, { volume, folder, rows, depth, isLive }, listener, clock, signal);
    }
  }
  return seen;
}

async function checkIndex(
  archive: ArchiveToCheck,
  index: IndexAccess,
  seen: ReadonlyMap<string, ReadonlySet<string>>,
  listener: FolderListener,
  signal: AbortSignal,
): Promise<void> {
  const { indexPath, volumes, isLive } = archive;
  const report = (kind: ProblemKind, message: string) =>
    listener.problem({ kind, volume: undefined, path: indexPath, message });
  const missing = new Map<string, number>();
  for await (const row of allSegments(index)) {
    signal.throwIfAborted();
    const volume = volumes.find(({ id }) => id === row.volume);
    if (volume === undefined) missing.set(row.volume, (missing.get(row.volume) ?? 0) + 1);
    else if (seen.get(row.volume)?.has(folderOf(row)) !== true) {
      const problem = await checkPath(volume, row);
      if (problem !== undefined) listener.problem(problem);
    }
  }
  await tellMissing(index, missing, listener);
  await checkTwins(archive, index, listener, signal);
  // What a recorder changes meanwhile cannot be added up.
  if (isLive) return;
  const garbage = (await index.garbage()).filter(({ volume }) => volumes.some(({ id }) => id === volume));
  if (garbage.length > 0) report('unfinished-garbage', `${garbage.length} files were to be deleted`);
  for (const problem of await sumProblems(index, signal)) report('wrong-sums', problem);
}

function folderOf({ path }: SegmentRecord): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function tellMissing(
  index: IndexAccess,
  missing: ReadonlyMap<string, number>,
  listener: FolderListener,
): Promise<void> {
  const known = await index.volumes();
  for (const [id, segments] of missing) {
    const path = known.find((volume) => volume.id === id)?.path ?? id;
    const message = `it is not there, or not in the configuration; the index knows ${segments} recordings on it`;
    listener.notice({ kind: 'missing-volume', path, message });
  }
}

async function checkTwins(
  { volumes }: ArchiveToCheck,
  index: IndexAccess,
  listener: FolderListener,
  signal: AbortSignal,
): Promise<void> {
  for (const camera of await index.cameras()) {
    for await (const { first, second, areSame } of findTwins(index, camera, signal)) {
      const { path } = second;
      const volume = volumes.find(({ id }) => id === second.volume);
      if (!areSame || volume === undefined) {
        listener.notice({ kind: 'overlap', path, message: `it lies over ${first.path} in time` });
      } else {
        const message = `it holds the same footage as ${first.path}`;
        listener.problem({ kind: 'doubled', volume, path, message });
      }
    }
  }
}
