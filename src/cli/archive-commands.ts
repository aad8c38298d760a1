import type { Command } from 'commander';

/**
 * `preroll archive …`: what is done to recordings beside recording.
 * @param _finish takes a command's exit code.
 */
export function addArchiveCommands(archive: Command, _finish: (exitCode: number) => void): void {
  archive.description('look after the recordings: check, mend, rebuild the index, clear');
}
