import { existsSync } from 'node:fs';
import { findMounted, type MountedVolume } from '../archive/mounted-volume.ts';
import { describeError } from '../base/error.ts';
import type { ArchiveConfig } from '../config/config.ts';
import { IndexError } from '../db/index-error.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { findInFiles, findInIndex, type FootageQuery } from '../playback/find-segments.ts';
import type { SegmentFile } from '../playback/segment.ts';
import { patiently } from './use-index.ts';

/**
 * Finds recordings by the index where there is one that can be read, else by the files.
 * @throws PlaybackError `outside`; the signal's reason.
 */
export async function findExported(
  { indexPath, volumes }: ArchiveConfig,
  query: FootageQuery,
  signal: AbortSignal,
): Promise<readonly SegmentFile[]> {
  const mounted = await findMounted(volumes);
  if (existsSync(indexPath)) {
    try {
      return await askIndex(indexPath, mounted, query, signal);
    } catch (error) {
      if (!(error instanceof IndexError)) throw error;
      process.stderr.write(`looking at the files instead: ${describeError(error)}\n`);
    }
  }
  const roots = volumes.map(({ path }) => path);
  for (const root of roots) {
    // Files that somebody copied there are as good.
    if (mounted.some(({ path }) => path === root)) continue;
    const what = existsSync(root) ? 'has no identity' : 'is not there';
    process.stderr.write(`${root} ${what}: is the disk mounted?\n`);
  }
  return await findInFiles(roots, query);
}

async function askIndex(
  path: string,
  mounted: readonly MountedVolume[],
  query: FootageQuery,
  signal: AbortSignal,
): Promise<readonly SegmentFile[]> {
  const index = await patiently(signal, () => SqliteIndex.open(path));
  try {
    return await findInIndex(index, mounted, query);
  } finally {
    index.close();
  }
}
