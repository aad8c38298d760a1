import { findVolumes } from '../archive/check/find-volumes.ts';
import { openIndex } from '../archive/open-index.ts';
import { rebuildIndex, type RebuiltIndex } from '../archive/rebuild-index.ts';
import { walkVolume } from '../archive/volume-walk.ts';
import { systemClock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { VolumeRecord } from '../db/records.ts';
import { inLockedArchive } from './archive-work.ts';
import { configOf } from './config-of.ts';
import { consoleLog } from './console-log.ts';
import { EXIT } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';
import { Progress } from './progress.ts';

export interface ReindexOptions extends ConfigOptions {
  readonly json: boolean;
}

/**
 * `preroll archive reindex`: makes the index anew from the files.
 * @returns the exit code.
 * @throws ConfigError, ArchiveInUseError, IndexError, an error of the system.
 */
export async function archiveReindex(options: ReindexOptions): Promise<number> {
  const config = await configOf(options);
  return await interruptible(async (signal) => {
    const { files, ...rebuilt } = await inLockedArchive(config, 'preroll archive reindex', () =>
      reindex(config, signal),
    );
    process.stdout.write(options.json ? json({ ok: true, files, ...rebuilt }) : describe(rebuilt));
    return EXIT.ok;
  });
}

async function reindex(
  { archive }: Config,
  signal: AbortSignal,
): Promise<RebuiltIndex & { readonly files: number }> {
  const { indexPath } = archive;
  using progress = new Progress({ stream: process.stderr, clock: systemClock, name: 'reindex' });
  const opened = openIndex(indexPath);
  const known = opened.kind === 'open' ? opened.index.volumes() : [];
  if (opened.kind === 'open') opened.index.close();
  const paths = archive.volumes.map(({ path }) => path);
  const { volumes } = await findVolumes(paths, known, signal);
  const total = await countRecordings(volumes, signal);
  let files = 0;
  const onFile = () => progress.tell((files += 1) / Math.max(1, total), 0);
  const options = { indexPath, volumes, clock: systemClock, log: consoleLog, onFile };
  return { ...(await rebuildIndex(options, opened.kind !== 'missing', signal)), files };
}

async function countRecordings(volumes: readonly VolumeRecord[], signal: AbortSignal): Promise<number> {
  let count = 0;
  for (const { path } of volumes) {
    for await (const { files } of walkVolume(path, undefined, signal)) {
      count += files.filter(({ kind }) => kind === 'recording').length;
    }
  }
  return count;
}

function describe({ recovery, replaced }: RebuiltIndex): string {
  const { settled, cutBytes, removed, left } = recovery;
  const lines = [`${settled} recordings are in the new index`];
  if (cutBytes > 0) lines.push(`${cutBytes} bytes of torn tails were cut off`);
  if (removed > 0) lines.push(`${removed} files without a picture, or unfinished, were removed`);
  if (left > 0) lines.push(`${left} files could not be read: preroll archive check tells more`);
  if (replaced !== undefined) {
    lines.push(`the old index is ${replaced.path}`);
    if (!replaced.wasReadable)
      lines.push('it could not be read: what files do not tell is lost, such as gaps');
  }
  return `${lines.join('\n')}\n`;
}
