import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../base/time.ts';
import { exportPaths } from './export-paths.ts';

const FROM = wallMs(Date.UTC(2026, 10, 20, 13, 4, 7));

let folder = '';
let archive = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'preroll-paths-')));
  archive = join(folder, 'archive');
  await mkdir(join(archive, 'front'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pathsOf = async (out: string, ...cameras: string[]) => {
  const options = { out, fromWallMs: FROM, timeZone: 'utc', archiveFolders: [archive] } as const;
  return (await exportPaths(cameras, options)).map(({ path }) => relative(folder, path));
};

describe('exportPaths', () => {
  it('takes a file for one camera, else a folder', async () => {
    await mkdir(join(folder, 'odd.mp4'));
    const name = 'front_2026-11-20_13-04-07.mp4';
    expect(await pathsOf(join(folder, 'a', 'b.mp4'), 'front')).toEqual([join('a', 'b.mp4')]);
    expect(await pathsOf(join(folder, 'a'), 'front')).toEqual([join('a', name)]);
    expect(await pathsOf(join(folder, 'odd.mp4'), 'front')).toEqual([join('odd.mp4', name)]);
    expect(await pathsOf(join(folder, 'a.mp4'), 'front', 'gate')).toEqual([
      join('a.mp4', name),
      join('a.mp4', 'gate_2026-11-20_13-04-07.mp4'),
    ]);
    expect(await pathsOf('.', 'front')).toEqual([relative(folder, join(process.cwd(), name))]);
  });

  it('refuses any way into the archive', async () => {
    await symlink(archive, join(folder, 'link'));
    const ways = [
      archive,
      join(archive, 'front', 'x.mp4'),
      join(archive, 'new', 'deep', 'x.mp4'),
      join(folder, 'link'),
      join(folder, 'link', 'new', 'x.mp4'),
      `${folder}/elsewhere/../archive/x.mp4`,
    ];
    for (const way of ways)
      await expect(pathsOf(way, 'front'), way).rejects.toMatchObject({ kind: 'outside' });
    // The folder that the archive lies in is none of it.
    expect(await pathsOf(folder, 'front')).toHaveLength(1);
  });

  it.each(['../front', '..', 'a/b', '/etc/x', ''])('refuses %j as the name of a camera', async (camera) => {
    await expect(pathsOf(folder, camera)).rejects.toMatchObject({ kind: 'outside' });
  });
});
