import type { Command } from 'commander';
import type { GapsOptions } from './archive-gaps.ts';
import { when, withConfig } from './options.ts';

/**
 * `preroll archive …`: what is done to recordings beside recording.
 * @param finish takes a command's exit code.
 */
export function addArchiveCommands(archive: Command, finish: (exitCode: number) => void): void {
  archive.description('look after the recordings: check, mend, rebuild the index, clear');
  withConfig(archive.command('gaps'))
    .description('say what is not recorded and why; fails if there is time of which nobody knows')
    .argument('[camera...]', 'names of cameras; all of them where none is given')
    .option('--from <time>', 'from then on: 2026-11-20, 2026-11-20T13:00 or 7d ago', when('from'))
    .option('--to <time>', 'up to then', when('to'))
    .option('--json', 'print the result as JSON', false)
    .option('--metrics', "print sums for Prometheus' textfile collector", false)
    .action(async (cameras: string[], options: GapsOptions) => {
      // Not before it is wanted: this one loads SQLite, which the recorder's main thread does without.
      const { archiveGaps } = await import('./archive-gaps.ts');
      finish(await archiveGaps(cameras, options));
    });
}
