import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deleteRecording, NotOursError, removeEmptyFolders } from './delete-recording.ts';

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-delete-'));
  root = join(folder, 'archive');
  await put('archive/yard/2026-11-20/10-00-00.mp4');
  await put('archive/yard/2026-11-20/10-00-00.json');
  await put('archive/yard/2026-11-20/10-01-00.mp4');
  await put('canary.mp4');
  await put('outside/canary.mp4');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), 'x');
}

async function files(): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

describe('deleting a recording', () => {
  test('deletes it and its sidecar, and nothing else', async () => {
    expect(await deleteRecording(root, 'yard/2026-11-20/10-00-00.mp4')).toBe(join(root, 'yard/2026-11-20'));
    expect(await files()).toEqual(['archive/yard/2026-11-20/10-01-00.mp4', 'canary.mp4', 'outside/canary.mp4']);
  });

  test('is done already where it is gone, with or without its folder', async () => {
    expect(await deleteRecording(root, 'yard/2026-11-20/09-00-00.mp4')).toBeUndefined();
    expect(await deleteRecording(root, 'gate/2026-11-20/09-00-00.mp4')).toBeUndefined();
  });

  test.each([
    '../canary.mp4',
    '../x/../canary.mp4',
    'yard/../../canary.mp4',
    'yard/../../outside/canary.mp4',
    '/etc/canary.mp4',
    'yard//10.mp4',
    'yard/./10.mp4',
    'yard\\..\\..\\canary.mp4',
    'yard/a\0.mp4',
    'canary.mp4',
    'yard/2026-11-20',
    'yard/2026-11-20/10-00-00.json',
    '',
  ])('refuses the path %o', async (path) => {
    const before = await files();
    await expect(deleteRecording(root, path)).rejects.toThrow(NotOursError);
    expect(await files()).toEqual(before);
  });

  test('refuses what lies behind a link that leads out of the volume', async () => {
    await symlink(join(folder, 'outside'), join(root, 'gate'));
    await expect(deleteRecording(root, 'gate/canary.mp4')).rejects.toThrow(NotOursError);
    expect(await files()).toContain('outside/canary.mp4');
  });

  test('deletes a sidecar that a crash left behind', async () => {
    await put('archive/yard/2026-11-20/11-00-00.json');
    expect(await deleteRecording(root, 'yard/2026-11-20/11-00-00.mp4')).toBe(join(root, 'yard/2026-11-20'));
    expect(await files()).not.toContain('archive/yard/2026-11-20/11-00-00.json');
  });

  test('leaves alone what else lies in its place: a link or a folder', async () => {
    await symlink(join(folder, 'outside/canary.mp4'), join(root, 'yard/link.mp4'));
    await mkdir(join(root, 'yard/odd.mp4'));
    const before = await files();
    await expect(deleteRecording(root, 'yard/link.mp4')).rejects.toThrow(NotOursError);
    await expect(deleteRecording(root, 'yard/odd.mp4')).rejects.toThrow(NotOursError);
    expect(await files()).toEqual(before);
  });
});

describe('removing empty folders', () => {
  test('removes those that became empty, and neither the folder of the camera nor one in use', async () => {
    await mkdir(join(root, 'gate/2026/11/20'), { recursive: true });
    await put('archive/gate/2026/12/kept.mp4');
    await removeEmptyFolders(root, join(root, 'gate/2026/11/20'));
    expect(await readdir(join(root, 'gate'), { recursive: true })).toEqual(['2026', '2026/12', '2026/12/kept.mp4']);
    await removeEmptyFolders(root, join(root, 'yard/2026-11-20'));
    await rm(join(root, 'gate/2026'), { recursive: true });
    await removeEmptyFolders(root, join(root, 'gate'));
    await removeEmptyFolders(root, root);
    expect((await readdir(root)).toSorted()).toEqual(['gate', 'yard']);
    expect(await readdir(join(root, 'yard'))).toEqual(['2026-11-20']);
  });
});
