import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/**
 * Where a name below a folder really lies, with all links followed.
 * @returns undefined when that is outside of the folder, whatever the name says or the links do.
 * @throws an error of the system when there is nothing of that name.
 */
export async function realPathBelow(folder: string, path: string): Promise<string | undefined> {
  const root = await realpath(folder);
  const found = await realpath(join(root, path));
  return isBelow(root, found) ? found : undefined;
}

/** Whether a path lies below a folder, both absolute and without links. */
export function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
