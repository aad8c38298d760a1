import { describeError } from '../base/error.ts';
import type { FileKey, VolumeRecord } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { deleteRecording, removeEmptyFolders } from './delete-recording.ts';
import { isMounted } from './mounted-volume.ts';
import { syncFolder } from './sync-folder.ts';

/** What collecting garbage asks of the index. */
export type GarbageIndex = Pick<IndexAccess, 'garbage' | 'apply'>;

/** Files deleted between two looks at whether the disk is still there. */
const STEP = 50;

/**
 * Deletes files that the index has given up, one at a time, so that of the threads for files most stay free for recording.
 * What lies on none of these volumes waits.
 * @returns what could not be deleted and why; it stays garbage.
 * @throws the signal's reason; whatever the index throws.
 */
export async function collectGarbage(
  index: GarbageIndex,
  garbage: readonly FileKey[],
  volumes: readonly VolumeRecord[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const volume of volumes) {
    const files = garbage.filter((file) => file.volume === volume.id);
    for (let at = 0; at < files.length; at += STEP) {
      signal.throwIfAborted();
      failures.push(...(await deleteStep(index, files.slice(at, at + STEP), volume)));
    }
  }
  return failures;
}

async function deleteStep(
  index: GarbageIndex,
  files: readonly FileKey[],
  volume: VolumeRecord,
): Promise<readonly string[]> {
  const failures: string[] = [];
  const gone: FileKey[] = [];
  const folders = new Set<string>();
  for (const file of files) {
    try {
      const folder = await deleteRecording(volume.path, file.path);
      if (folder !== undefined) folders.add(folder);
      gone.push(file);
    } catch (error) {
      failures.push(describeError(error));
    }
  }
  try {
    for (const folder of folders) await syncFolder(folder);
  } catch (error) {
    return [...failures, describeError(error)];
  }
  // On a disk that went away every file seems to be gone, and none is.
  if (!(await isMounted(volume))) return [...failures, `${volume.path}: the volume went away`];
  if (gone.length > 0) await index.apply([{ type: 'discarded', files: gone }]);
  for (const folder of folders) await removeEmptyFolders(volume.path, folder);
  return failures;
}
