import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/load.ts';
import type { SettingsAnswer } from './api/settings.ts';
import { startTestSite, type TestSite } from './testing/test-site.ts';

/*
 * Row 18 of what has gone wrong in other recorders: whatever a change of the configuration holds, either it is refused and the file is
 * what it was to the byte, or exactly that value was written and everything else stands.
 */

const TEXT = `# Our house.
cameras:
  yard: # by the door
    url: rtsp://10.0.0.5/main
    username: viewer
    password: canary-secret
    motion:
      zones:
        door: { polygon: [[0, 0], [1, 0], [1, 1]] }
event:
  preRoll: 5s
`;

let folder: string;
let path: string;
let site: TestSite;
let admin: Record<string, string>;
let version: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-injection-'));
  path = join(folder, 'preroll.yaml');
  await writeFile(path, TEXT);
  site = await startTestSite({ configPath: path });
  admin = await site.signedIn('ada', { role: 'admin' });
  ({ version } = (await site.inject({ url: '/api/settings', headers: admin })).json<SettingsAnswer>());
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const load = () => loadConfig({ path, environment: {}, flags: [] });

/** @param edits as they are sent, so that what no object can hold can be sent too. */
async function send(edits: string): Promise<number> {
  const { statusCode, body } = await site.inject({
    method: 'PATCH',
    url: '/api/settings',
    headers: { ...admin, 'content-type': 'application/json' },
    payload: `{"version":${JSON.stringify(version)},"edits":${edits}}`,
  });
  expect(body).not.toContain('canary-secret');
  return statusCode;
}

/** As no valid edit, or as one of a camera that there is not. */
const REFUSED = [400, 404];
const set = (keys: readonly string[], value: unknown) => JSON.stringify([{ kind: 'set', path: keys, value }]);

/** What means something in YAML, in paths, in programs that read one line after the other, and in JavaScript. */
const HOSTILE = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'a\n    url: rtsp://evil/',
    'a\r\nevil: 1',
    'a\u2028evil: 1',
    'a\u0085evil: 1',
    'x: y',
    '# x',
    ' #',
    '- a',
    '*yard',
    '&a b',
    '<<',
    '!!js/function "x"',
    '!!binary eA==',
    '|',
    '>',
    '---',
    '...',
    '%YAML 1.1',
    '{a: b}',
    '[a]',
    '"',
    "'",
    '\\',
    '${HOME}',
    '~',
    'null',
    'yes',
    '0x10',
    '1e3',
    '2026-01-01',
    '\0',
    '\uD800',
    '\uFEFF',
    '../x',
    '/etc/passwd',
    'exec:id',
    'file:///etc/passwd',
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'toString',
  ),
);

const PLACES: readonly (readonly string[])[] = [
  ['cameras', 'yard', 'username'],
  ['cameras', 'yard', 'password'],
  ['cameras', 'yard', 'url'],
  ['cameras', 'yard', 'subUrl'],
  ['cameras', 'yard', 'mode'],
  ['cameras', 'yard', 'motion', 'detector'],
  ['event', 'preRoll'],
];

test('a value is written as it is or refused, whatever it is', async () => {
  let written = 0;
  const property = fc.asyncProperty(fc.constantFrom(...PLACES), HOSTILE, async (place, text) => {
    const status = await send(set(place, text));
    const now = await readFile(path, 'utf8');
    if (status !== 200) {
      expect(status).toBe(400);
      expect(now).toBe(TEXT);
      return;
    }
    const { cameras } = await load();
    expect(cameras.map(({ name }) => name)).toEqual(['yard']);
    const source = cameras[0]?.source;
    const { username, password } = (source?.kind === 'streams' && source.main.credentials) || {};
    if (place[2] === 'username') expect(username).toBe(text);
    if (place[2] === 'password') expect(password?.reveal()).toBe(text);
    // Every other line stands.
    const key = place.at(-1) ?? '';
    const kept = TEXT.split('\n').filter((line) => !line.includes(`${key}:`));
    expect(now.split('\n')).toEqual(expect.arrayContaining(kept));
    written += now === TEXT ? 0 : 1;
    await writeFile(path, TEXT);
  });
  await fc.assert(property, { numRuns: 300 });
  expect(written).toBeGreaterThan(10);
});

test('a name is one that may be a folder, or refused', async () => {
  const named = fc.constantFrom<(name: string) => string>(
    (name) => set(['cameras', name], { url: 'rtsp://10.0.0.6/' }),
    (name) => set(['cameras', name, 'mode'], 'always'),
    (name) => JSON.stringify([{ kind: 'rename', path: ['cameras', 'yard'], to: name }]),
    (name) =>
      set(['cameras', 'yard', 'motion', 'zones', name], {
        polygon: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      }),
    (name) => set(['cameras', 'yard', name], 'x'),
    (name) => set([name, 'yard'], 'x'),
    (name) => set(['cameras', 'yard', 'motion', name], { [name]: [name] }),
  );
  const property = fc.asyncProperty(named, HOSTILE, async (edits, name) => {
    const status = await send(edits(name));
    const now = await readFile(path, 'utf8');
    if (status !== 200) {
      expect(REFUSED).toContain(status);
      expect(now).toBe(TEXT);
      return;
    }
    const { cameras } = await load();
    for (const one of cameras) {
      expect(one.name).toMatch(/^[\w-]([\w .-]*[\w-])?$/);
      for (const zone of one.motion.zones) expect(zone.name).toMatch(/^[\w-]([\w .-]*[\w-])?$/);
    }
    await writeFile(path, TEXT);
  });
  await fc.assert(property, { numRuns: 300 });
});

test.each([
  [
    'a prototype',
    `[{"kind":"set","path":["cameras","yard"],"value":{"__proto__":{"isAdmin":true},"url":"rtsp://a/"}}]`,
  ],
  [
    'a prototype in a list',
    `[{"kind":"set","path":["cameras","yard","motion","masks"],"value":[{"__proto__":[]}]}]`,
  ],
  [
    'a constructor',
    `[{"kind":"set","path":["cameras","yard"],"value":{"constructor":{"prototype":{"isAdmin":true}}}}]`,
  ],
  ['a prototype as section', `[{"kind":"set","path":["__proto__","isAdmin"],"value":true}]`],
  ['a prototype as new name', `[{"kind":"rename","path":["cameras","yard"],"to":"__proto__"}]`],
  ['a prototype as edit', `[{"__proto__":{"kind":"remove","path":["cameras","yard"]}}]`],
  ['a path that is no list', `[{"kind":"remove","path":"cameras.yard"}]`],
  ['a whole section', `[{"kind":"set","path":["cameras"],"value":{}}]`],
  ['no edit', '[]'],
  [
    'many edits',
    `[${Array.from({ length: 65 }, () => '{"kind":"remove","path":["cameras","yard"]}').join()}]`,
  ],
  ['a password read from a file', set(['cameras', 'yard', 'password'], { file: '/etc/shadow' })],
  [
    'a password read from the environment',
    set(['cameras', 'yard'], { url: 'rtsp://a/', password: { env: 'HOME' } }),
  ],
  ['a path of the machine', set(['archive', 'volumes'], [{ path: '/etc' }])],
  ['the folder of the accounts', set(['web', 'folder'], '/etc')],
  ['all of the web app', set(['web'], { listen: 'lan' })],
  [
    'levels without end',
    set(['cameras', 'yard', 'motion', 'masks'], '@').replace('"@"', '['.repeat(50_000) + ']'.repeat(50_000)),
  ],
  [
    'maps without end',
    set(['cameras', 'yard'], '@').replace('"@"', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)),
  ],
  [
    'values without end',
    set(
      ['cameras', 'yard', 'motion', 'masks'],
      Array.from({ length: 100_000 }, () => 0),
    ),
  ],
])('%s is refused, and the file is what it was', async (_, edits) => {
  expect(await send(edits)).toBe(400);
  expect(await readFile(path, 'utf8')).toBe(TEXT);
  expect(await readdir(folder)).toEqual(['preroll.yaml']);
  expect('isAdmin' in {}).toBe(false);
});

test('a prototype in the place of a camera is none that there is', async () => {
  expect(await send(set(['cameras', '__proto__', 'isAdmin'], true))).toBe(404);
  expect(await readFile(path, 'utf8')).toBe(TEXT);
  expect('isAdmin' in {}).toBe(false);
});

test('the same key twice is one value', async () => {
  expect(await send(`[{"kind":"set","path":["cameras","yard","mode"],"value":"off","value":"always"}]`)).toBe(
    200,
  );
  expect(await readFile(path, 'utf8')).toContain('mode: always');
});

test('a file does not grow beyond what the recorder reads', async () => {
  const long = `${TEXT}${`# ${'x'.repeat(997)}\n`.repeat(1_048)}`;
  expect(2 ** 20 - long.length).toBeGreaterThan(0);
  await writeFile(path, long);
  ({ version } = (await site.inject({ url: '/api/settings', headers: admin })).json<SettingsAnswer>());
  const name = 'n'.repeat(64);
  expect(await send(set(['cameras', name], { url: `rtsp://10.0.0.6/${'a'.repeat(1_000)}` }))).toBe(400);
  expect(await readFile(path, 'utf8')).toBe(long);
  expect(await send(set(['cameras', 'c'], { url: 'rtsp://a/' }))).toBe(200);
});

test('what is written by hand with anchors that multiply is refused, and nothing can be changed in it', async () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) => `a${i}: &a${i} [${Array.from({ length: 9 }, () => (i === 0 ? '1' : `*a${i - 1}`)).join()}]`,
  );
  const bomb = `${TEXT}x:\n${levels.map((line) => `  ${line}\n`).join('')}`;
  await writeFile(path, bomb);
  const answer = await site.inject({ url: '/api/settings', headers: admin });
  expect(answer.statusCode).toBe(409);
  expect(answer.body).toContain('at most 20000 values');
  expect(await send(set(['cameras', 'yard', 'mode'], 'always'))).toBe(409);
  expect(await readFile(path, 'utf8')).toBe(bomb);
});
