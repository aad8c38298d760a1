import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { syncFolder } from '../archive/sync-folder.ts';
import { SegmentFile } from './segment-file.ts';

vi.mock('../archive/sync-folder.ts', () => ({ syncFolder: vi.fn<() => Promise<void>>() }));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-segment-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function makeFile(): Promise<SegmentFile> {
  const path = join(folder, '20-15-00.mp4');
  return new SegmentFile({
    path,
    handle: await open(path, 'wx'),
    key: { volume: 'v', path: '20-15-00.mp4' },
  });
}

function failWith(code: string): void {
  vi.mocked(syncFolder).mockRejectedValueOnce(Object.assign(new Error(code), { code, syscall: 'open' }));
}

test('what was written stays while no folder can be opened for its name, which is synced as soon as one can', async () => {
  const file = await makeFile();
  for (const code of ['EMFILE', 'ENFILE']) failWith(code);
  for (const text of ['a', 'b', 'c', 'd']) {
    await file.append([Buffer.from(text)]);
    await file.sync();
  }
  await file.close();
  expect(syncFolder).toHaveBeenCalledTimes(3);
  expect(await readFile(file.path, 'utf8')).toBe('abcd');
});

test('a name that the disk does not take ends the file', async () => {
  const file = await makeFile();
  failWith('EIO');
  await file.append([Buffer.from('a')]);
  await expect(file.sync()).rejects.toThrow('EIO');
  await file.close();
  await expect(readFile(file.path)).rejects.toThrow('ENOENT');
});

test('a file system that takes nothing and calls it a success is one that refuses', async () => {
  const path = join(folder, 'full.mp4');
  const handle = await open(path, 'wx');
  vi.spyOn(handle, 'writev').mockImplementation(async (buffers) => ({ bytesWritten: 0, buffers }));
  const file = new SegmentFile({ path, handle, key: { volume: 'v', path: 'full.mp4' } });
  await expect(file.append([Buffer.from('a')])).rejects.toThrow('took none of what was written');
  await file.close();
});
