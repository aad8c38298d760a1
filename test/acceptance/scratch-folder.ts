import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test's configuration, logs and archive. */
export async function makeScratchFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'preroll-acceptance-'));
}

/** Removes it, unless PREROLL_KEEP=1 asks to look at what a run left behind. */
export async function removeScratchFolder(folder: string): Promise<void> {
  if (process.env['PREROLL_KEEP'] === '1') process.stdout.write(`acceptance: kept ${folder}\n`);
  else await rm(folder, { recursive: true, force: true });
}
