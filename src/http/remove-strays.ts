import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes folders that earlier processes have left in this one, and nothing else: it may be somebody else's too. */
export async function removeStrays(folder: string, isStray: (name: string) => boolean): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory() && isStray(entry.name))
      await rm(join(folder, entry.name), { recursive: true, force: true });
  }
}
