import { realpath, rmdir, unlink } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { PrerollError } from '../base/error.ts';
import { findOwnedFile } from './owned-file.ts';
import { sidecarPath } from './sidecar.ts';

/** What the index calls a recording is none of ours, and was left alone. */
export class NotOursError extends PrerollError {
  readonly kind = 'not-ours';
}

/**
 * Deletes a recording with its sidecar, if they are still there. Whatever the index says, and whoever wrote that into it,
 * nothing is deleted but a file that ends in `.mp4` below the folder of a camera, and what belongs to it.
 * @param root the volume's folder.
 * @param path below it, as the index names it.
 * @returns the folder, whose entries are still to be synced; undefined where there was nothing to delete.
 * @throws NotOursError; an error of the system when a file cannot be deleted.
 */
export async function deleteRecording(root: string, path: string): Promise<string | undefined> {
  if (!/^.+\/.+\.mp4$/.test(path)) {
    throw new NotOursError(`${path}: expected a recording in the folder of a camera, found another path`);
  }
  let folder: string | undefined;
  for (const name of [path, sidecarPath(path), `${sidecarPath(path)}.new`]) {
    const found = await findOwnedFile(root, name);
    if (found.kind === 'missing') continue;
    if (found.kind === 'foreign') {
      throw new NotOursError(`${name}: expected a file in ${root}, found something that is not ours`);
    }
    await unlink(found.path).catch(nothingIfMissing);
    folder = dirname(found.path);
  }
  return folder;
}

/**
 * Removes a folder if nothing is in it, and those above it of which that is then true; the folders of cameras stay.
 * @param folder in the volume.
 */
export async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  const above = await realpath(root);
  for (let each = await realpath(folder); relative(above, each).includes(sep); each = dirname(each)) {
    try {
      await rmdir(each);
    } catch {
      // Mostly it is not empty. Whatever else it may be, the folder harms nobody.
      return;
    }
  }
}

/** Somebody else was quicker. */
function nothingIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
