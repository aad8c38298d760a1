import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { defaultConfigText, writeDefaultConfig } from './default-file.ts';
import { jsonSchema, keyPaths } from './json-schema.ts';
import { loadConfig } from './load.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-default-'));
  path = join(folder, 'preroll.yaml');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const load = async () => await loadConfig({ path, environment: {}, flags: [] });

test('the default file loads, and says nothing but the defaults', async () => {
  await writeDefaultConfig(path);
  const written = await load();
  await writeFile(path, 'cameras: { yard: { url: "demo:" } }');
  expect(written).toEqual(await load());
});

test('the default file names every option of the schema', () => {
  const text = defaultConfigText();
  const paths = [...keyPaths(jsonSchema())];
  expect(paths.length).toBeGreaterThan(30);
  for (const keys of paths) expect(text).toMatch(new RegExp(`^ *(# *)*${keys.at(-1)}:`, 'm'));
});

test('the default file loads with every option that is commented out put in', async () => {
  const text = defaultConfigText()
    .replaceAll(/^( +)# ( *\w+:.*)$/gm, (line, space: string, option: string) =>
      isOption(option) ? space + option : line,
    )
    .replace('url: "demo:"', 'url: rtsp://192.168.1.20/stream1');
  expect(parseDocument(text).errors).toEqual([]);
  await writeFile(path, text);
  const config = await loadConfig({ path, environment: { YARD_PASSWORD: 'x' }, flags: [] });
  expect(config.archive.folderModule).toBe(join(folder, 'my-folders.mjs'));
  expect(config.retention).toMatchObject({ archiveMaxSizeBytes: 2e12, minFreeBytes: 1e10 });
  expect(config.cameras[0]).toMatchObject({
    source: { sub: { credentials: { username: 'viewer' } } },
    modes: { mode: 'motion', spans: [{ mode: 'off', span: { text: 'mon-fri 08:00-18:00' } }] },
    event: { preRollMs: 10_000 },
    reencode: { codec: 'h264', hasLabel: false, widthPx: undefined },
    motion: {
      sensitivity: 60,
      minimalAreaPx: 1_500,
      blurPx: 11,
      masks: [expect.arrayContaining([{ x: 1, y: 0.1 }])],
      zones: [{ name: 'door', sensitivity: 70, polygon: expect.arrayContaining([{ x: 0.4, y: 0.5 }]) }],
    },
  });
});

test('is written whole, for its owner only, and leaves nothing else behind', async () => {
  await writeDefaultConfig(path);
  expect(await readFile(path, 'utf8')).toBe(defaultConfigText());
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['preroll.yaml']);
});

test('never touches a file that is there', async () => {
  await writeFile(path, 'mine');
  await expect(writeDefaultConfig(path)).rejects.toThrow('there is a file already; it was left as it is');
  expect(await readFile(path, 'utf8')).toBe('mine');
});

test('tells why it could not be written', async () => {
  const nowhere = join(folder, 'no', 'preroll.yaml');
  await expect(writeDefaultConfig(nowhere)).rejects.toThrow('could not be written: ENOENT');
});

/** Whether a line is an option rather than prose; not `minimalPercent`, which the default detector does not use. */
function isOption(text: string): boolean {
  const options =
    /^ *(subUrl|username|password|schedule|event|motion|sensitivity|masks|zones|door|polygon|folderModule|volumes|reencode|codec|encoder|label|widthPx|threshold|blur|dilate|erode|minimalArea|retention|\w+MaxAge|\w*[mM]axSize|minFree|moveAfter|certificate|key):(?! record)/;
  return options.test(text);
}
