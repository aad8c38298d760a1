import type { IndexAccess } from '../../db/index-access.ts';
import type { SegmentRecord, VolumeRecord } from '../../db/records.ts';
import { allSegments } from '../index-rows.ts';
import type { CheckContext } from './check-context.ts';
import { checkPath } from './check-folder.ts';
import { sumProblems } from './check-sums.ts';
import { findTwins } from './check-twins.ts';
import type { ProblemKind } from './problem.ts';

export interface IndexToCheck {
  readonly index: IndexAccess;
  readonly indexPath: string;
  /** Those that are there. */
  readonly volumes: readonly VolumeRecord[];
  /** The folders that are there, by volume; what the index says of these has been compared. */
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Looks for what is wrong with the index as a whole.
 * @throws an error of the system, IndexError; the signal's reason.
 */
export async function checkIndex(context: CheckContext, checked: IndexToCheck): Promise<void> {
  const { index, indexPath, volumes } = checked;
  const { listener, isLive, signal } = context;
  const report = (kind: ProblemKind, message: string) =>
    listener.problem({ kind, volume: undefined, path: indexPath, message });
  await checkRows(context, checked);
  await checkTwins(context, checked);
  // What a recorder changes meanwhile cannot be added up.
  if (isLive) return;
  const garbage = (await index.garbage()).filter(({ volume }) => volumes.some(({ id }) => id === volume));
  if (garbage.length > 0) report('unfinished-garbage', `${garbage.length} files were to be deleted`);
  for (const problem of await sumProblems(index, signal)) report('wrong-sums', problem);
}

/** Rows of folders that are not there, and of volumes that are not. */
async function checkRows(context: CheckContext, { index, volumes, seen }: IndexToCheck): Promise<void> {
  const { listener, signal } = context;
  const missing = new Map<string, number>();
  for await (const row of allSegments(index)) {
    signal.throwIfAborted();
    const volume = volumes.find(({ id }) => id === row.volume);
    if (volume === undefined) missing.set(row.volume, (missing.get(row.volume) ?? 0) + 1);
    else if (seen.get(row.volume)?.has(folderOf(row)) !== true) await checkPath(context, volume, row);
  }
  const known = await index.volumes();
  for (const [id, segments] of missing) {
    const path = known.find((volume) => volume.id === id)?.path ?? id;
    const message = `it is not there, or not in the configuration; the index knows ${segments} recordings on it`;
    listener.notice({ kind: 'missing-volume', path, message });
  }
}

function folderOf({ path }: SegmentRecord): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function checkTwins(
  { listener, signal }: CheckContext,
  { index, volumes }: IndexToCheck,
): Promise<void> {
  for (const camera of await index.cameras()) {
    for await (const { first, second, areSame } of findTwins(index, camera, signal)) {
      const { path } = second;
      const volume = volumes.find(({ id }) => id === second.volume);
      if (areSame && volume !== undefined) {
        const message = `it holds the same footage as ${first.path}`;
        listener.problem({ kind: 'doubled', volume, path, message });
      } else {
        listener.notice({ kind: 'overlap', path, message: `it lies over ${first.path} in time` });
      }
    }
  }
}
