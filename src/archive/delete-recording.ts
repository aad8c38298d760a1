import { realpath, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { PrerollError } from '../base/error.ts';
import { sidecarPath } from './sidecar.ts';

/** What the index calls a recording is none of ours, and was left alone. */
export class NotOursError extends PrerollError {
  readonly kind = 'not-ours';
}

/**
 * Deletes a recording with its sidecar, if they are still there. Whatever the index says, and whoever wrote that into it,
 * nothing is deleted but files that end in `.mp4` in a folder of a camera, and what lies beside them under their name.
 * @param root the volume's folder.
 * @param path below it, as the index names it.
 * @returns the folder, whose entries are still to be synced; undefined where there is none.
 * @throws NotOursError; an error of the system when a file cannot be deleted.
 */
export async function deleteRecording(root: string, path: string): Promise<string | undefined> {
  const parts = path.split('/');
  if (parts.length < 2 || !path.endsWith('.mp4') || !parts.every(isPlainName)) {
    throw new NotOursError(`${path}: expected a recording in the folder of a camera, found another path`);
  }
  const folder = await realpath(join(root, ...parts.slice(0, -1))).catch(undefinedIfMissing);
  if (folder === undefined) return undefined;
  if (!isInside(await realpath(root), folder)) {
    throw new NotOursError(`${path}: expected a folder in ${root}, found a link that leads out of it`);
  }
  const file = join(folder, parts.at(-1) ?? '');
  for (const name of [file, sidecarPath(file), `${sidecarPath(file)}.new`]) {
    await unlink(name).catch(undefinedIfMissing);
  }
  return folder;
}

/**
 * Removes a folder if nothing is in it, and those above it of which that is then true; the folders of cameras stay.
 * @param folder an absolute, real path.
 */
export async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  const above = await realpath(root);
  for (let each = folder; relative(above, each).includes(sep); each = dirname(each)) {
    try {
      await rmdir(each);
    } catch {
      // Mostly it is not empty. Whatever else it may be, the folder harms nobody.
      return;
    }
  }
}

function isPlainName(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part);
}

function isInside(root: string, path: string): boolean {
  const below = relative(root, path);
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`);
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
