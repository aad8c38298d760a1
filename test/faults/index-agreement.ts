import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { FileSource } from '../../src/archive/file-source.ts';
import { readSegment } from '../../src/archive/read-segment.ts';
import { readSidecar } from '../../src/archive/read-sidecar.ts';
import { readIdentity } from '../../src/archive/volume-identity.ts';
import type { FileKey, SegmentRecord } from '../../src/db/records.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { filesBelow } from '../e2e/recordings.ts';

/** How the index of a recorder that has ended agrees with its files. */
export interface Agreement {
  readonly rows: number;
  readonly withoutFile: number;
  readonly withoutRow: number;
  /** Rows that say something else than their file. */
  readonly wrong: readonly string[];
}

/** @param folders of the volumes, as they can be read now. */
export async function judgeIndex(database: string, folders: readonly string[]): Promise<Agreement> {
  const rows = readRows(database);
  const files = new Set<string>();
  const wrong: string[] = [];
  for (const folder of folders) {
    const found = await readIdentity(folder);
    if (found.kind !== 'volume') throw new Error(`${folder} is no volume`);
    for (const path of await filesBelow(folder)) {
      if (!path.endsWith('.mp4')) continue;
      const key = { volume: found.id, path: relative(folder, path).replaceAll('\\', '/') };
      files.add(nameOf(key));
      const row = rows.get(nameOf(key));
      if (row !== undefined && !(await isAsTold(folder, row))) wrong.push(row.path);
    }
  }
  return {
    rows: rows.size,
    withoutFile: [...rows.keys()].filter((name) => !files.has(name)).length,
    withoutRow: [...files].filter((name) => !rows.has(name)).length,
    wrong,
  };
}

export function agrees({ withoutFile, withoutRow, wrong }: Agreement): boolean {
  return withoutFile + withoutRow + wrong.length === 0;
}

/** As the table of faults tells it. */
export function agreementFigures({ rows, withoutFile, withoutRow, wrong }: Agreement) {
  return {
    rows,
    'rows without file, files without row, wrong rows': withoutFile + withoutRow + wrong.length,
  };
}

function readRows(database: string): ReadonlyMap<string, SegmentRecord> {
  const index = SqliteIndex.open(database);
  try {
    const rows = new Map<string, SegmentRecord>();
    for (let after: FileKey | undefined; ;) {
      const page = index.segmentsByPath(after, 1_000);
      for (const row of page) rows.set(nameOf(row), row);
      after = page.at(-1);
      if (after === undefined) return rows;
    }
  } finally {
    index.close();
  }
}

async function isAsTold(folder: string, row: SegmentRecord): Promise<boolean> {
  const path = join(folder, row.path);
  await using source = await FileSource.open(path);
  const { volume, path: below } = row;
  const { segment } = await readSegment(source, { volume, path: below }, await readSidecar(path));
  return isDeepStrictEqual(segment, row);
}

function nameOf({ volume, path }: FileKey): string {
  return `${volume}/${path}`;
}
