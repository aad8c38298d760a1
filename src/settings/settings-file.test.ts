import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentEdit } from '../config/edit-document.ts';
import { SettingsFile } from './settings-file.ts';

const TEXT = `# Our house.
cameras:
  front: # by the door
    url: rtsp://10.0.0.5/main
    username: viewer
    password: canary-secret
`;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-settings-'));
  path = join(folder, 'preroll.yaml');
  await writeFile(path, TEXT, { mode: 0o640 });
});
afterEach(() => rm(folder, { recursive: true }));

function settingsFile(environment: Record<string, string> = {}): SettingsFile {
  return new SettingsFile({ path, environment, flags: [] });
}

function set(option: string, value: string | number | object): DocumentEdit {
  return { kind: 'set', path: option.split('.'), value: value as string };
}

describe('SettingsFile', () => {
  test('changes an option, keeping comments and the mode of the file, and leaves nothing else behind', async () => {
    const file = settingsFile();
    const { version } = await file.read();
    const next = await file.change([set('cameras.front.mode', 'always')], version);
    expect(await readFile(path, 'utf8')).toBe(`${TEXT}    mode: always\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['preroll.yaml']);
    expect((await file.read()).version).toBe(next);
  });

  test('refuses what was made for another content of the file', async () => {
    const file = settingsFile();
    const { version } = await file.read();
    await writeFile(path, `${TEXT}# by hand\n`);
    await expect(file.change([set('cameras.front.mode', 'always')], version)).rejects.toMatchObject({
      kind: 'changed-meanwhile',
    });
    expect(await readFile(path, 'utf8')).toBe(`${TEXT}# by hand\n`);
  });

  test('an address that is changed keeps the login that is written in it, unless another one is given', async () => {
    const written = (url: string, more = '') => `cameras:\n  front:\n    url: ${url}\n${more}`;
    await writeFile(
      path,
      written('rtsp://eva:p%40ss@10.0.0.5/a', '    subUrl: rtsp://eva:p%40ss@10.0.0.5/b\n'),
    );
    const file = settingsFile();
    const { version, config } = await file.read();
    expect(JSON.stringify(config)).not.toContain('p%40ss');
    const moved = [
      set('cameras.front.url', 'rtsp://10.0.0.6/a'),
      set('cameras.front.subUrl', 'rtsp://10.0.0.6/b'),
    ];
    const next = await file.change(moved, version);
    expect(await readFile(path, 'utf8')).toBe(
      written('rtsp://eva:p%40ss@10.0.0.6/a', '    subUrl: rtsp://eva:p%40ss@10.0.0.6/b\n'),
    );
    const given = await file.change([set('cameras.front.url', 'rtsp://bob:x@10.0.0.6/a')], next);
    expect(await readFile(path, 'utf8')).toContain('url: rtsp://bob:x@10.0.0.6/a');
    const login = [set('cameras.front.username', 'ida'), set('cameras.front.password', 'new')];
    await file.change([...moved, ...login], given);
    expect(await readFile(path, 'utf8')).toBe(
      written('rtsp://10.0.0.6/a', '    subUrl: rtsp://10.0.0.6/b\n    username: ida\n    password: new\n'),
    );
  });

  test('of two changes at once the second is refused', async () => {
    const file = settingsFile();
    const { version } = await file.read();
    const both = ['always', 'off'].map((mode) => file.change([set('cameras.front.mode', mode)], version));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test.each([
    [set('cameras.front.mode', 'sometimes'), 'cameras.front.mode'],
    [set('cameras.front.event.preRoll', '1h'), 'cameras.front.event.preRoll'],
    [set('cameras.front.url', 'exec:touch x'), 'cameras.front.url'],
    [set('cameras.front.url', 'file:///etc/passwd'), 'cameras.front.url'],
    [set('cameras.front', { url: 'demo:', subUrl: 'file:x.mp4' }), 'cameras.front.subUrl'],
    [set('cameras.front.url', 'rtsp://10.0.0.5/\n    mode: off'), 'cameras.front.url'],
    [set('cameras.../x.url', 'demo:'), 'cameras.'],
    [set('cameras.front.__proto__', 'x'), 'cameras.front.__proto__'],
    [set('cameras.back', { url: 'demo:', constructor: 'x' }), 'cameras.back'],
    [set('cameras.front.password', { file: '/etc/shadow' }), 'cameras.front.password'],
    [
      set('cameras.back', { url: 'rtsp://10.0.0.9/', username: 'x', password: { env: 'HOME' } }),
      'cameras.back',
    ],
    [set('archive.folderModule', './evil.mjs'), 'archive.folderModule'],
    [{ kind: 'rename', path: ['cameras', 'front'], to: '../x' } as const, 'cameras'],
  ])('refuses %o at its field, and the file stays as it was to the byte', async (edit, field) => {
    const file = settingsFile();
    const { version } = await file.read();
    const refused = file.change([edit], version);
    await expect(refused).rejects.toMatchObject({ kind: 'refused' });
    await expect(refused).rejects.toHaveProperty(
      'field',
      expect.stringMatching(field.replaceAll('.', '\\.')),
    );
    await expect(refused).rejects.not.toThrow('canary-secret');
    expect(await readFile(path, 'utf8')).toBe(TEXT);
  });

  test('a file that nobody may write is told and left alone', async () => {
    await chmod(path, 0o440);
    const file = settingsFile();
    const { readOnly, version } = await file.read();
    expect(readOnly).toContain('write-protected');
    await expect(file.change([set('cameras.front.mode', 'off')], version)).rejects.toMatchObject({
      kind: 'read-only',
    });
    await chmod(path, 0o640);
  });

  test('tells which options another source decides', async () => {
    await writeFile(join(folder, 'preroll.local.yaml'), 'motion:\n  sensitivity: 70\n');
    const { elsewhere, config } = await settingsFile({ PREROLL__EVENT__PRE_ROLL: '8s' }).read();
    expect(config.cameras[0]?.event.preRollMs).toBe(8_000);
    expect(elsewhere).toEqual([
      { path: ['motion', 'sensitivity'], source: join(folder, 'preroll.local.yaml') },
      { path: ['event', 'preRoll'], source: 'environment variable PREROLL__EVENT__PRE_ROLL' },
    ]);
  });
});
