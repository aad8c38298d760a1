import { createInterface } from 'node:readline/promises';
import {
  clearArchive,
  measureArchive,
  type ArchiveContent,
  type ArchiveToClear,
} from '../archive/clear-archive.ts';
import { inLockedArchive } from './archive-work.ts';
import { CommandError } from './command-error.ts';
import { configOf } from './config-of.ts';
import { EXIT } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import type { ConfigOptions } from './options.ts';

export interface ClearOptions extends ConfigOptions {
  readonly yes: boolean;
}

/**
 * `preroll archive clear`: deletes recordings, index and logs after asking.
 * @returns the exit code: `failed` where the answer was not yes.
 * @throws CommandError where nobody can be asked; ConfigError, ArchiveInUseError, an error of the system.
 */
export async function archiveClear(options: ClearOptions): Promise<number> {
  const config = await configOf(options);
  const archive: ArchiveToClear = {
    volumePaths: config.archive.volumes.map(({ path }) => path),
    indexPath: config.archive.indexPath,
    logPath: config.log.path,
  };
  if (!options.yes && !process.stdin.isTTY) {
    throw new CommandError(
      'usage',
      'there is no terminal to ask on; --yes clears the archive without asking',
    );
  }
  return await interruptible(
    async (signal) =>
      await inLockedArchive(config, 'preroll archive clear', () => clear(archive, options, signal)),
  );
}

async function clear(archive: ArchiveToClear, { yes }: ClearOptions, signal: AbortSignal): Promise<number> {
  const content = await measureArchive(archive, signal);
  const answer = yes ? 'yes' : await ask(archive, content, signal);
  if (answer !== 'yes') {
    process.stderr.write('nothing was deleted\n');
    return answer === undefined ? EXIT.interrupted : EXIT.failed;
  }
  const files = await clearArchive(archive, signal);
  process.stdout.write(`deleted ${files} files: ${describe(content)}, index and logs\n`);
  return EXIT.ok;
}

/** @returns undefined after a Ctrl-C. */
async function ask(
  { volumePaths, logPath }: ArchiveToClear,
  content: ArchiveContent,
  signal: AbortSignal,
): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const what = `${describe(content)} in ${volumePaths.join(', ')}, the index, and the logs ${logPath}`;
    const answer = await terminal.question(`This deletes ${what}.\nType yes to go on: `, { signal });
    return answer.trim().toLowerCase();
  } catch (error) {
    // A terminal that is asked on tells Ctrl-C like this.
    if (error instanceof Error && error.name === 'AbortError') return undefined;
    throw error;
  } finally {
    terminal.close();
  }
}

function describe({ recordings, sizeBytes }: ArchiveContent): string {
  return `${recordings} recordings of ${(sizeBytes / 1e6).toFixed(1)} MB`;
}
