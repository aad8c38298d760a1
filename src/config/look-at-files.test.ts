import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookAtFiles, watchFiles } from './look-at-files.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-look-'));
  path = join(folder, 'preroll.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

test('files look different when they are written, replaced, added and removed, and else the same', async () => {
  const looks = [await lookAtFiles(path)];
  const changes = [
    () => writeFile(path, 'a: 1'),
    () => writeFile(path, 'a: 22'),
    async () => {
      await writeFile(join(folder, 'new'), 'a: 33');
      await rename(join(folder, 'new'), path);
    },
    () => writeFile(join(folder, 'preroll.local.yaml'), 'b: 1'),
    () => rm(path),
  ];
  for (const change of changes) {
    await change();
    looks.push(await lookAtFiles(path));
    expect(await lookAtFiles(path)).toBe(looks.at(-1));
  }
  expect(new Set(looks).size).toBe(changes.length + 1);
});

test('tells when one of them is written or replaced, and not of others', async () => {
  let notices = 0;
  using _ = watchFiles(path, () => (notices += 1));
  await writeFile(join(folder, 'preroll.log'), 'a line');
  await setTimeout(100);
  expect(notices).toBe(0);
  await writeFile(join(folder, 'new'), 'a: 1');
  await rename(join(folder, 'new'), path);
  await expect.poll(() => notices).toBeGreaterThan(0);
  notices = 0;
  await writeFile(join(folder, 'preroll.local.yaml'), 'b: 1');
  await expect.poll(() => notices).toBeGreaterThan(0);
});

test('a folder that cannot be watched is only not told of', () => {
  using _ = watchFiles(join(folder, 'missing', 'preroll.yaml'), () => undefined);
});
