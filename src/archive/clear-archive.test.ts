import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clearArchive, measureArchive, type ArchiveToClear } from './clear-archive.ts';
import { setAside } from './set-aside.ts';
import { TestArchive } from './testing/test-archive.ts';

let built: TestArchive;
let base: string;
let archive: ArchiveToClear;
beforeEach(async () => {
  built = await TestArchive.create();
  base = dirname(built.volume.path);
  archive = {
    volumePaths: [built.volume.path],
    indexPath: built.indexPath,
    logPath: join(base, 'logs', 'preroll.log'),
  };
  await mkdir(join(base, 'logs'));
});
afterEach(() => built[Symbol.asyncDispose]());

const signal = new AbortController().signal;

test('deletes recordings, what was set aside, index and logs, and nothing that is not ours', async () => {
  await built.record();
  const aside = await built.record({ startMs: 60_000 });
  await setAside(built.volume.path, aside);
  for (const name of ['preroll.log', 'preroll.log.1', 'preroll.log.12']) {
    await writeFile(join(base, 'logs', name), '');
  }
  const mine = ['archive/yard/holiday.mp4', 'archive/20-15-00.mp4', 'logs/preroll.log.old', 'logs/preroll.logs', 'a.db'];
  for (const name of mine) await writeFile(join(base, name), 'mine');
  await writeFile(`${built.indexPath}.damaged-2026-01-02T03-04-05.006Z`, '');
  await writeFile(`${built.indexPath}.backup`, 'mine');
  const outside = join(base, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, '20-15-00.mp4'), 'canary');
  await symlink(outside, built.at('yard/linked'));

  expect(await measureArchive(archive, signal)).toMatchObject({ recordings: 2 });
  await clearArchive(archive, signal);
  const left = (await readdir(base, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1));
  expect(left.toSorted()).toEqual(
    [
      ...mine,
      'archive/.preroll-volume.json',
      'archive/yard/linked',
      'outside/20-15-00.mp4',
      'preroll.db.backup',
    ].toSorted(),
  );
  expect(await readFile(join(outside, '20-15-00.mp4'), 'utf8')).toBe('canary');
});

test('finds nothing to delete where nothing is', async () => {
  const nowhere = { volumePaths: ['/nowhere/a'], indexPath: '/nowhere/b.db', logPath: '/nowhere/c.log' };
  expect(await measureArchive(nowhere, signal)).toEqual({ recordings: 0, sizeBytes: 0 });
  expect(await clearArchive(nowhere, signal)).toBe(0);
});
