import { Option, type Command } from 'commander';
import type { WallMs } from '../base/time.ts';
import type { CheckArchiveOptions } from './archive-check.ts';
import type { ClearOptions } from './archive-clear.ts';
import type { ForecastOptions } from './archive-forecast.ts';
import type { GapsOptions } from './archive-gaps.ts';
import type { KeepOptions } from './archive-keep.ts';
import type { PruneOptions } from './archive-prune.ts';
import type { ReindexOptions } from './archive-reindex.ts';
import { when, withConfig } from './options.ts';

/**
 * `preroll archive …`: what is done to recordings beside recording.
 * @param finish takes a command's exit code.
 */
export function addArchiveCommands(archive: Command, finish: (exitCode: number) => void): void {
  archive.description(
    'look after the recordings: what is missing, what is deleted, when disks are full; check, mend, rebuild the index, clear',
  );
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
    .addOption(
      new Option('--from <time>', 'from then on: 2026-11-20, 2026-11-20T13:00 or 7d ago')
        .argParser(when('from'))
        .default(when('from')('1d'), '1d'),
    )
    .option('--to <time>', 'up to then', when('to'))
    .option('--json', 'print the result as JSON', false)
    .option('--metrics', "print sums for Prometheus' textfile collector", false)
    .action(async (cameras: string[], options: GapsOptions) => {
      const { archiveGaps } = await import('./archive-gaps.ts');
      finish(await archiveGaps(cameras, options));
    });
  withConfig(archive.command('prune'))
    .description(
      'delete what the rules of the section retention ask for, as a running recorder does every minute',
    )
    .option('--dry-run', 'only list what would be deleted and why', false)
    .option(
      '--trust-clock',
      'let recordings be as old as the clock of this machine says, however it leapt',
      false,
    )
    .option('--json', 'print the result as JSON', false)
    .action(async (options: PruneOptions) => {
      const { archivePrune } = await import('./archive-prune.ts');
      finish(await archivePrune(options));
    });
  withConfig(archive.command('forecast'))
    .description('say when the disks are full and how far back recordings will reach, at the present rate')
    .option('--json', 'print the result as JSON', false)
    .action(async (options: ForecastOptions) => {
      const { archiveForecast } = await import('./archive-forecast.ts');
      finish(await archiveForecast(options));
    });
  withConfig(archive.command('keep'))
    .description('mark an event, so that no rule deletes its recordings')
    .argument('<camera>', 'name of a camera')
    .argument('<time>', 'a moment of the event: 2026-11-20T13:05, or 2h ago', when('from'))
    .option('--undo', 'take the mark away', false)
    .option('--json', 'print the result as JSON', false)
    .action(async (camera: string, at: WallMs, options: KeepOptions) => {
      const { archiveKeep } = await import('./archive-keep.ts');
      finish(await archiveKeep(camera, at, options));
    });
}
