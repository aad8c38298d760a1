import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path lies below a folder, both absolute and without links. */
export function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
