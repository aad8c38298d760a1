import { mkdir, mkdtemp, readdir, rm, rmdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../base/log.ts';
import { wallMs } from '../base/time.ts';
import { parseFolderTemplate, type FolderTemplate } from '../config/folder-template.ts';
import { ArchivePath, ArchivePathError, type ArchivePathOptions } from './archive-path.ts';
import { loadFolderModule, type FolderFunction } from './folder-module.ts';

const START = wallMs(Date.UTC(2026, 10, 22, 20, 15, 3, 900));

let folder: string;
let root: string;
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-archive-'));
  root = join(folder, 'archive');
  await mkdir(root);
  told = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function template(text: string): FolderTemplate {
  const parsed = parseFolderTemplate(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

function archive(changes: Partial<ArchivePathOptions> = {}): ArchivePath {
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => told.push(`${message}: ${String(fields?.['error'])}`),
    with: () => log,
  };
  return new ArchivePath({ root, template: template('{yyyy}-{mm}-{dd}'), timeZone: 'utc', log, ...changes });
}

async function create(paths: ArchivePath, camera = 'yard'): Promise<string> {
  const file = await paths.create(camera, START);
  await using handle = file.handle;
  await handle.writeFile('x');
  expect(file.path.endsWith(file.relativePath)).toBe(true);
  return file.relativePath;
}

describe('ArchivePath', () => {
  test('names files by camera, template and time of day', async () => {
    expect(await create(archive())).toBe('yard/2026-11-22/20-15-03.mp4');
    expect(await create(archive({ template: template('') }))).toBe('yard/20-15-03.mp4');
    expect(await create(archive({ template: template('{yyyy}/{mm}') }))).toBe('yard/2026/11/20-15-03.mp4');
  });

  test('follows the time zone of the host if asked to', async () => {
    const date = new Date(START);
    const pad = (value: number) => String(value).padStart(2, '0');
    const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
    const time = `${pad(date.getHours())}-${pad(date.getMinutes())}-${pad(date.getSeconds())}`;
    expect(await create(archive({ timeZone: 'local' }))).toBe(`yard/${day}/${time}.mp4`);
  });

  test('never gives a name twice, not even to callers at the same time', async () => {
    const paths = archive();
    const names = await Promise.all(Array.from({ length: 5 }, async () => await create(paths)));
    expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'yard/2026-11-22/20-15-03-2.mp4',
      'yard/2026-11-22/20-15-03-3.mp4',
      'yard/2026-11-22/20-15-03-4.mp4',
      'yard/2026-11-22/20-15-03-5.mp4',
      'yard/2026-11-22/20-15-03.mp4',
    ]);
  });

  test('makes its folder again when that is removed for being empty', async () => {
    const paths = archive();
    const day = join(root, 'yard', '2026-11-22');
    await mkdir(day, { recursive: true });
    let removed = 0;
    for (let i = 0; i < 200; i += 1) {
      const removing = rmdir(day).then(
        () => (removed += 1),
        () => undefined,
      );
      const path = await create(paths);
      await removing;
      await unlink(join(root, path));
    }
    expect(removed).toBeGreaterThan(10);
  });

  test("asks the user's function with the start and the camera", async () => {
    const calls: unknown[] = [];
    const paths = archive({
      folderFunction: (date, camera) => {
        calls.push([date.toISOString(), camera]);
        return camera === 'yard' ? 'a/b' : null;
      },
    });
    expect(await create(paths)).toBe('yard/a/b/20-15-03.mp4');
    expect(await create(paths, 'gate')).toBe('gate/20-15-03.mp4');
    expect(calls).toEqual([
      ['2026-11-22T20:15:03.900Z', 'yard'],
      ['2026-11-22T20:15:03.900Z', 'gate'],
    ]);
  });

  test.each<[string, () => unknown, string]>([
    ['a way up', () => '../../x', 'a part that begins with a dot'],
    ['an absolute path', () => '/tmp/x', 'an absolute path'],
    ['NUL', () => 'a\0b', 'a control character'],
    ['an empty text', () => '', 'an empty name'],
    ['a long name', () => 'x'.repeat(300), 'longer than 200 characters'],
    ['a number', () => 7, 'a value of type number'],
    ['nothing', () => undefined, 'a value of type undefined'],
    ['a promise', () => Promise.reject(new Error('late')), 'a promise'],
  ])(
    "tells once that the user's function gave %s, and uses the template's folder",
    async (_, answer, found) => {
      // Users' modules are not type-checked.
      const paths = archive({ folderFunction: answer as FolderFunction });
      expect(await create(paths)).toBe('yard/2026-11-22/20-15-03.mp4');
      expect(await create(paths)).toBe('yard/2026-11-22/20-15-03-2.mp4');
      expect(told).toHaveLength(1);
      expect(told[0]).toContain(found);
      expect(await readdir(folder)).toEqual(['archive']);
    },
  );

  test("uses the template's folder when the user's function throws or names a file", async () => {
    const throwing = archive({
      folderFunction: () => {
        throw new Error('oops');
      },
    });
    expect(await create(throwing)).toBe('yard/2026-11-22/20-15-03.mp4');
    expect(told[0]).toContain('its function threw: oops');
    await writeFile(join(root, 'yard', 'taken'), '');
    expect(await create(archive({ folderFunction: () => 'taken/x' }))).toBe('yard/2026-11-22/20-15-03-2.mp4');
    expect(told[1]).toContain('expected a folder, found something else');
  });

  test('makes nothing behind a link that leads out of the archive', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await mkdir(join(root, 'yard'), { recursive: true });
    await symlink(outside, join(root, 'yard', 'out'));
    await symlink(join(folder, 'nowhere'), join(root, 'yard', 'dead'));
    expect(await create(archive({ folderFunction: () => 'out/deep' }))).toBe('yard/2026-11-22/20-15-03.mp4');
    expect(await create(archive({ folderFunction: () => 'dead' }))).toBe('yard/2026-11-22/20-15-03-2.mp4');
    expect(told[0]).toContain('found a link that leads out of it');
    expect(told[1]).toContain('found a link that leads nowhere');
    await symlink(outside, join(root, 'gate'));
    await expect(create(archive(), 'gate')).rejects.toThrow(ArchivePathError);
    expect(await readdir(outside)).toEqual([]);
  });

  test('works in an archive that is itself a link, and follows links within it', async () => {
    await mkdir(join(folder, 'disk'));
    await rm(root, { recursive: true });
    await symlink(join(folder, 'disk'), root);
    await mkdir(join(root, 'yard', 'real'), { recursive: true });
    await symlink('real', join(root, 'yard', 'linked'));
    expect(await create(archive({ folderFunction: () => 'linked' }))).toBe('yard/real/20-15-03.mp4');
    expect(told).toEqual([]);
  });

  test.each(['..', 'a/b', '', '.x', 'a\0'])('refuses the camera name %o', async (camera) => {
    await expect(archive().create(camera, START)).rejects.toMatchObject({ kind: 'folder' });
    expect(await readdir(root)).toEqual([]);
  });

  test('makes no folder in the place of an archive that is missing', async () => {
    await rm(root, { recursive: true });
    await expect(create(archive())).rejects.toMatchObject({ kind: 'create' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('says what could not be created when the archive is a file', async () => {
    await rm(root, { recursive: true });
    await writeFile(root, '');
    await expect(create(archive())).rejects.toMatchObject({
      kind: 'create',
      message: expect.stringContaining(root) as unknown,
    });
  });
});

describe('loadFolderModule', () => {
  test('loads the default export', async () => {
    const path = join(folder, 'my folders.mjs');
    await writeFile(path, 'export default (date, camera) => `${date.getUTCFullYear()}/${camera}`;');
    const folderFunction = await loadFolderModule(path);
    expect(await create(archive({ folderFunction }))).toBe('yard/2026/yard/20-15-03.mp4');
  });

  test.each([
    ['is missing', undefined, 'could not be loaded'],
    ['has a syntax error', 'export default (', 'could not be loaded'],
    ['throws', 'throw new Error("oops")', 'could not be loaded'],
    ['exports something else', 'export default "x"', 'expected a function as default export, found string'],
    ['exports nothing', '', 'expected a function as default export, found undefined'],
  ])('says so when the module %s', async (what, code, message) => {
    const path = join(folder, `${what}.mjs`);
    if (code !== undefined) await writeFile(path, code);
    await expect(loadFolderModule(path)).rejects.toMatchObject({
      kind: 'module',
      message: expect.stringContaining(message) as unknown,
    });
  });
});
