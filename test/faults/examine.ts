import { join } from 'node:path';
import { examineArchive, type Findings } from '../../src/archive/check/examine-archive.ts';
import { systemClock } from '../../src/base/clock.ts';

/** Everything that is wrong with an archive at which nobody is at work, every byte of it read. */
export async function examineWhole(archive: string, database: string): Promise<Findings> {
  const examination = {
    indexPath: database,
    volumePaths: [archive],
    depth: 'deep',
    isLive: false,
    clock: systemClock,
    onProgress: () => undefined,
  } as const;
  return await examineArchive(examination, new AbortController().signal);
}

/** The first few problems, for the table. */
export function problemText({ problems }: Findings): string {
  return problems
    .slice(0, 3)
    .map(({ kind, volume, path, message }) => `${kind} ${join(volume?.path ?? '', path)}: ${message}`)
    .join('; ');
}
