import { link, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolderDurably, syncFolder } from './sync-folder.ts';

/** Where `check --repair` puts what it cannot mend, in the volume's folder. */
export const SET_ASIDE_FOLDER = '.set-aside';

const MOST_TWINS = 1_000;

/**
 * Moves a file of a volume out of the way, to the same path below its folder `.set-aside`; a name that is taken there gets
 * `-2`, `-3` and so on. It is on disk when this returns.
 * @param path below the volume's folder.
 * @returns where it lies now, absolute.
 * @throws an error of the system.
 */
export async function setAside(root: string, path: string): Promise<string> {
  const from = join(root, path);
  const wanted = join(root, SET_ASIDE_FOLDER, path);
  await makeFolderDurably(dirname(wanted));
  const to = await linkFree(from, wanted);
  await syncFolder(dirname(to));
  await unlink(from);
  await syncFolder(dirname(from));
  return to;
}

/** A link and not a rename: that would overwrite what has the name. */
async function linkFree(from: string, wanted: string): Promise<string> {
  for (let twin = 1; ; twin += 1) {
    const to = twin === 1 ? wanted : wanted.replace(/\.[^.]+$/, (ending) => `-${twin}${ending}`);
    try {
      await link(from, to);
      return to;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isTaken || twin === MOST_TWINS) throw error;
    }
  }
}
