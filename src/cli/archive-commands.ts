import type { Command } from 'commander';
import type { CheckArchiveOptions } from './archive-check.ts';
import type { ClearOptions } from './archive-clear.ts';
import type { GapsOptions } from './archive-gaps.ts';
import type { ReindexOptions } from './archive-reindex.ts';
import { when, withConfig } from './options.ts';

/**
 * `preroll archive …`: what is done to recordings beside recording.
 * @param finish takes a command's exit code.
 */
export function addArchiveCommands(archive: Command, finish: (exitCode: number) => void): void {
  archive.description('look after the recordings: check, mend, rebuild the index, clear');
  // None is loaded before it is wanted.
  withConfig(archive.command('check'))
    .description('find what is wrong with recordings and index, also while a recorder runs')
    .option('--repair', 'mend what can be mended, and set aside what cannot', false)
    .option('--deep', 'read recordings whole, and hold every byte against its checksum', false)
    .option('--json', 'print the result as JSON', false)
    .action(async (options: CheckArchiveOptions) => {
      const { archiveCheck } = await import('./archive-check.ts');
      finish(await archiveCheck(options));
    });
  withConfig(archive.command('reindex'))
    .description('make the index anew from the recordings')
    .option('--json', 'print the result as JSON', false)
    .action(async (options: ReindexOptions) => {
      const { archiveReindex } = await import('./archive-reindex.ts');
      finish(await archiveReindex(options));
    });
  withConfig(archive.command('clear'))
    .description('delete all recordings, the index and the logs, after asking')
    .option('--yes', 'do not ask', false)
    .action(async (options: ClearOptions) => {
      const { archiveClear } = await import('./archive-clear.ts');
      finish(await archiveClear(options));
    });
  withConfig(archive.command('gaps'))
    .description('say what is not recorded and why; fails if there is time of which nobody knows')
    .argument('[camera...]', 'names of cameras; all of them where none is given')
    .option('--from <time>', 'from then on: 2026-11-20, 2026-11-20T13:00 or 7d ago', when('from'))
    .option('--to <time>', 'up to then', when('to'))
    .option('--json', 'print the result as JSON', false)
    .option('--metrics', "print sums for Prometheus' textfile collector", false)
    .action(async (cameras: string[], options: GapsOptions) => {
      const { archiveGaps } = await import('./archive-gaps.ts');
      finish(await archiveGaps(cameras, options));
    });
}
