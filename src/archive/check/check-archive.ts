import { IndexError } from '../../db/index-error.ts';
import type { SegmentRecord, VolumeRecord } from '../../db/records.ts';
import { rowsIn } from '../index-rows.ts';
import { walkVolume } from '../volume-walk.ts';
import type { CheckContext } from './check-context.ts';
import { checkFolder } from './check-folder.ts';
import { checkIndex } from './check-index.ts';

export interface ArchiveToCheck {
  readonly indexPath: string;
  /** Those that are there. */
  readonly volumes: readonly VolumeRecord[];
}

/**
 * Looks at every file of an archive and everything its index holds, and tells what is wrong. Changes nothing, follows no
 * links.
 * @throws an error of the system when something cannot be read; IndexError `locked` or `io`; the signal's reason.
 */
export async function checkArchive(context: CheckContext, archive: ArchiveToCheck): Promise<void> {
  const { index, listener } = context;
  const { indexPath, volumes } = archive;
  const reportDamage = (message: string) =>
    listener.problem({ kind: 'damaged-index', volume: undefined, path: indexPath, message });
  try {
    const problems = (await index?.integrityProblems()) ?? [];
    problems.forEach(reportDamage);
    if (index !== undefined && problems.length === 0) {
      const seen = await checkVolumes(context, volumes);
      await checkIndex(context, { index, indexPath, volumes, seen });
      return;
    }
  } catch (error) {
    if (!(error instanceof IndexError) || error.kind !== 'damaged') throw error;
    reportDamage(error.message);
  }
  await checkVolumes({ ...context, index: undefined }, volumes);
}

/** @returns the folders that are there, by volume. */
async function checkVolumes(
  context: CheckContext,
  volumes: readonly VolumeRecord[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { index, signal } = context;
  const seen = new Map<string, Set<string>>();
  for (const volume of volumes) {
    const folders = new Set<string>();
    seen.set(volume.id, folders);
    for await (const folder of walkVolume(volume.path, undefined, signal)) {
      folders.add(folder.path);
      const rows =
        index === undefined ? new Map<string, SegmentRecord>() : await rowsIn(index, volume, folder.path);
      await checkFolder(context, { volume, folder, rows });
    }
  }
  return seen;
}
