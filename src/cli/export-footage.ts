import { existsSync } from 'node:fs';
import { findMounted } from '../archive/mounted-volume.ts';
import { describeError } from '../base/error.ts';
import type { ArchiveConfig } from '../config/config.ts';
import { IndexError } from '../db/index-error.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { findInFiles, findInIndex, type FootageQuery } from '../playback/find-segments.ts';
import type { SegmentFile } from '../playback/segment.ts';

/** Finds recordings by the index where there is one that can be read, else by the files. */
export async function findExported(
  { indexPath, volumes }: ArchiveConfig,
  query: FootageQuery,
): Promise<readonly SegmentFile[]> {
  const index = openIndex(indexPath);
  if (index === undefined) {
    return await findInFiles(
      volumes.map(({ path }) => path),
      query,
    );
  }
  try {
    return await findInIndex(index, await findMounted(volumes), query);
  } finally {
    index.close();
  }
}

function openIndex(path: string): SqliteIndex | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return SqliteIndex.open(path);
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    process.stderr.write(`looking at the files instead: ${describeError(error)}\n`);
    return undefined;
  }
}
