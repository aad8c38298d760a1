import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { isRecordingPath, walkVolume } from './volume-walk.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'preroll-walk-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function make(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), '');
  }
}

async function walk(changedSinceMs?: number) {
  const found: Record<string, string[]> = {};
  const since = changedSinceMs === undefined ? undefined : wallMs(changedSinceMs);
  for await (const { path, files } of walkVolume(root, since, new AbortController().signal)) {
    found[path] = files.map(({ name, kind }) => `${kind} ${name}`);
  }
  return found;
}

test('tells by their names what files are, folder by folder in order', async () => {
  await make(
    '.preroll-volume.json',
    '.preroll-volume.json.new',
    '20-15-00.mp4',
    'yard/b/20-15-00.mp4',
    'yard/b/20-15-00.json',
    'yard/b/20-15-00-12.mp4',
    'yard/b/20-15-00.json.new',
    'yard/b/20-15-00.mp4.new',
    'yard/b/20-15-00.mp4.bak',
    'yard/b/x20-15-00.mp4',
    'yard/a/notes.txt',
  );
  expect(await walk()).toEqual({
    '': ['identity .preroll-volume.json', 'leftover .preroll-volume.json.new', 'foreign 20-15-00.mp4'],
    yard: [],
    'yard/a': ['foreign notes.txt'],
    'yard/b': [
      'recording 20-15-00-12.mp4',
      'sidecar 20-15-00.json',
      'leftover 20-15-00.json.new',
      'recording 20-15-00.mp4',
      'foreign 20-15-00.mp4.bak',
      'leftover 20-15-00.mp4.new',
      'foreign x20-15-00.mp4',
    ],
  });
});

test('follows no links, and enters no hidden folders', async () => {
  await make('yard/20-15-00.mp4', '.Trash/20-15-00.mp4', '.set-aside/yard/20-15-00.mp4', 'lost+found/x');
  await symlink('yard', join(root, 'gate'));
  await symlink('/', join(root, 'yard', 'out'));
  expect(await walk()).toEqual({
    '': ['foreign .Trash', 'foreign gate'],
    yard: ['recording 20-15-00.mp4', 'foreign out'],
  });
});

test('leaves out folders in which nothing was made or deleted since', async () => {
  await make('yard/old/20-15-00.mp4', 'yard/new/20-15-00.mp4', 'gate/deep/new/20-15-00.mp4');
  for (const folder of ['yard/old', 'yard', 'gate', 'gate/deep', '']) await utimes(join(root, folder), 1, 1);
  expect(Object.keys(await walk(2_000)).toSorted()).toEqual(['gate/deep/new', 'yard/new']);
});

test('finds nothing where there is no folder, and stops when told', async () => {
  await rm(root, { recursive: true });
  expect(await walk()).toEqual({});
  await make('a/b/20-15-00.mp4');
  const walking = walkVolume(root, undefined, AbortSignal.abort(new Error('enough')));
  await expect(walking.next()).rejects.toThrow('enough');
});

test('tells which paths are recordings', () => {
  expect(isRecordingPath('yard/2026-11-22/20-15-00-2.mp4')).toBe(true);
  for (const path of ['20-15-00.mp4', 'yard/20-15-00.json', 'yard/holiday.mp4', '']) {
    expect(isRecordingPath(path)).toBe(false);
  }
});
