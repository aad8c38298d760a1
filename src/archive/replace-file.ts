import { open, rename } from 'node:fs/promises';

/**
 * Gives a file this content in one step: a power cut leaves it as it was or as it is now, never empty or torn. That it
 * is as it is now is sure only once its folder is synced.
 * @throws an error of the system.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await writeSynced(temporary, text);
  await rename(temporary, path);
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w', 0o640);
  await file.writeFile(text);
  await file.sync();
}
