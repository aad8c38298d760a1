import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBelow } from './is-below.ts';

/**
 * What lies at a path that the index names, before anything is done to it: `file`, a regular file of the volume; `missing`;
 * `foreign`, something that we did not make there: a path that leads out of the volume, a link, a folder.
 */
export type OwnedFile =
  | { readonly kind: 'file'; readonly path: string; readonly stats: Stats }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'foreign' };

/**
 * @param root of the volume, absolute.
 * @param relativePath with `/` between its parts.
 * @throws an error of the system other than that there is no such file.
 */
export async function findOwnedFile(root: string, relativePath: string): Promise<OwnedFile> {
  if (!isPlain(relativePath)) return { kind: 'foreign' };
  const path = join(root, ...relativePath.split('/'));
  try {
    const [volume, folder] = [await realpath(root), await realpath(dirname(path))];
    if (folder !== volume && !isBelow(volume, folder)) return { kind: 'foreign' };
    const stats = await lstat(path);
    return stats.isFile() ? { kind: 'file', path, stats } : { kind: 'foreign' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return { kind: 'missing', path };
    }
    throw error;
  }
}

/** Whether each part is a name: nothing that leads elsewhere, or that a second path could name too. */
function isPlain(relativePath: string): boolean {
  return relativePath
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part));
}
