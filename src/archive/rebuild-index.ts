import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { removeDatabase, renameDatabase, setDatabaseAside } from '../db/database-files.ts';
import { accessTo, type IndexAccess } from '../db/index-access.ts';
import { IndexError } from '../db/index-error.ts';
import type { VolumeRecord } from '../db/records.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { collectGarbage } from './collect-garbage.ts';
import { recoverArchive, type Recovery } from './recover-archive.ts';
import { syncFolder } from './sync-folder.ts';
import { takeOver } from './take-over.ts';

export interface RebuildOptions {
  readonly indexPath: string;
  /** Those that are there. */
  readonly volumes: readonly VolumeRecord[];
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each file that was read. */
  readonly onFile: () => void;
}

export interface RebuiltIndex {
  readonly recovery: Recovery;
  /** The index that was replaced; undefined where there was none. */
  readonly replaced: { readonly path: string; readonly wasReadable: boolean } | undefined;
}

/**
 * Makes a new index from the files, beside the old one, which it then replaces. What files cannot tell is taken over from
 * the old one as far as that can be read (`takeOver`). Nobody else may be at work in the archive.
 * @param hasOld whether there is an index at `indexPath`.
 * @throws IndexError, an error of the system, the signal's reason; the old index is as it was then.
 */
export async function rebuildIndex(
  options: RebuildOptions,
  hasOld: boolean,
  signal: AbortSignal,
): Promise<RebuiltIndex> {
  const { indexPath, clock } = options;
  const newPath = `${indexPath}.new`;
  removeDatabase(newPath);
  try {
    if (hasOld) await withReadable(indexPath, (old) => finishDeletions(old, options, signal));
    const { recovery, wasReadable } = await fill(newPath, options, hasOld, signal);
    const asidePath = hasOld ? setDatabaseAside(indexPath, 'replaced', clock.wallMs()) : undefined;
    renameDatabase(newPath, indexPath);
    await syncFolder(dirname(indexPath));
    return { recovery, replaced: asidePath === undefined ? undefined : { path: asidePath, wasReadable } };
  } catch (error) {
    removeDatabase(newPath);
    throw error;
  }
}

async function fill(
  newPath: string,
  { indexPath, volumes, clock, log, onFile }: RebuildOptions,
  hasOld: boolean,
  signal: AbortSignal,
): Promise<{ recovery: Recovery; wasReadable: boolean }> {
  const target = SqliteIndex.open(newPath);
  try {
    const index = accessTo(target);
    target.apply(volumes.map((volume) => ({ type: 'volume', volume })));
    const recovery = await recoverArchive(
      {
        index,
        volumes,
        lastAliveWallMs: undefined,
        startedWallMs: clock.wallMs(),
        isOwn: () => false,
        log,
        onFile,
      },
      signal,
    );
    const wasReadable =
      hasOld && (await withReadable(indexPath, (old) => takeOver(old, index, volumes, signal)));
    return { recovery, wasReadable };
  } finally {
    target.close();
  }
}

/** Files that the old index has given up must not come back in the new one. */
async function finishDeletions(
  old: IndexAccess,
  { volumes, log }: RebuildOptions,
  signal: AbortSignal,
): Promise<void> {
  for (const failure of await collectGarbage(old, await old.garbage(), volumes, signal)) log.warn(failure);
}

/** @returns whether the old index could be read. */
async function withReadable(indexPath: string, work: (old: IndexAccess) => Promise<void>): Promise<boolean> {
  try {
    const old = SqliteIndex.open(indexPath);
    try {
      await work(accessTo(old));
      return true;
    } finally {
      old.close();
    }
  } catch (error) {
    if (error instanceof IndexError && error.kind === 'damaged') return false;
    throw error;
  }
}
