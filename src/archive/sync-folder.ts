import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a folder's entries on disk: what was created, renamed or deleted in it survives a power cut only then.
 * @throws an error of the system.
 */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; its file systems keep names in their journal.
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

/**
 * Makes a folder and those above it that are missing, and has their names on disk when it returns.
 * @param path absolute.
 * @throws an error of the system.
 */
export async function makeFolderDurably(path: string): Promise<void> {
  const highest = await mkdir(path, { recursive: true });
  if (highest === undefined) return;
  for (let made = path; ; made = dirname(made)) {
    await syncFolder(dirname(made));
    if (made === highest) return;
  }
}
