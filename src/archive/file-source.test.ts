import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileSource } from './file-source.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-source-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('reads what was there when it was opened, however the file grows or shrinks', async () => {
  const path = join(folder, 'file');
  await writeFile(path, 'abcdef');
  await using source = await FileSource.open(path);
  await appendFile(path, 'ghi');
  expect(source.sizeBytes).toBe(6);
  const read = async (position: number, length: number) =>
    Buffer.from(await source.read(position, length)).toString();
  expect(await read(0, 3)).toBe('abc');
  expect(await read(4, 10)).toBe('ef');
  expect(await read(6, 1)).toBe('');
  expect(await read(9, 1)).toBe('');
  await truncate(path, 5);
  expect(await read(4, 2)).toBe('e');
});

test('cannot be opened where there is nothing', async () => {
  await expect(FileSource.open(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
