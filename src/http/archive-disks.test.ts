import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeIdentity } from '../archive/volume-identity.ts';
import type { Config } from '../config/config.ts';
import { accessTo } from '../db/index-access.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeSegment } from '../db/testing/records.ts';
import { archiveDisks } from './archive-disks.ts';

let folder: string;
let index: SqliteIndex;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-disks-'));
  index = SqliteIndex.open(':memory:');
});
afterEach(async () => {
  index.close();
  await rm(folder, { recursive: true, force: true });
});

test('a disk tells its space and what each camera takes of it, a missing one what lay there', async () => {
  const [here, gone] = [join(folder, 'here'), join(folder, 'gone')];
  const id = await writeIdentity(here);
  const lost = '5f0d6c1e-0000-4000-8000-000000000009';
  index.apply([
    { type: 'volume', volume: { id, path: here } },
    { type: 'volume', volume: { id: lost, path: gone } },
    { type: 'segment', segment: makeSegment(0, { volume: id, sizeBytes: 1_000 }) },
    { type: 'segment', segment: makeSegment(0, { volume: id, path: 'b', camera: 'door', sizeBytes: 4_000 }) },
    { type: 'segment', segment: makeSegment(60_000, { volume: lost, path: 'c', sizeBytes: 2_000 }) },
  ]);
  const volumes = [here, gone].map((path) => ({ path, maxBytes: undefined, moveAfterMs: undefined }));
  // All that is looked at.
  const config = { archive: { volumes }, retention: { minFreeBytes: 5_000 } } as unknown as Config;
  const [first, second] = await archiveDisks(config, accessTo(index));
  const { bsize, blocks } = await statfs(here);
  expect(first).toMatchObject({
    path: here,
    isThere: true,
    totalBytes: bsize * blocks,
    floorBytes: 5_000,
    maxBytes: null,
    cameras: [
      { camera: 'door', bytes: 4_000 },
      { camera: 'yard', bytes: 1_000 },
    ],
  });
  expect(first?.freeBytes).toBeLessThan(bsize * blocks);
  expect(second).toEqual({
    path: gone,
    isThere: false,
    totalBytes: null,
    freeBytes: null,
    floorBytes: null,
    maxBytes: null,
    cameras: [{ camera: 'yard', bytes: 2_000 }],
  });
});
