import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SettingsAnswer } from '../api/settings.ts';
import { startTestSite, type TestSite } from '../testing/test-site.ts';

const TEXT = `# Our house.
cameras:
  yard: # by the door
    url: rtsp://10.0.0.5/main
    username: viewer
    password: canary-secret
`;

let folder: string;
let path: string;
let site: TestSite;
let admin: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-settings-'));
  path = join(folder, 'preroll.yaml');
  await writeFile(path, TEXT);
  site = await startTestSite({ configPath: path });
  admin = await site.signedIn('ada', { role: 'admin' });
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const settings = async () =>
  (await site.inject({ url: '/api/settings', headers: admin })).json<SettingsAnswer>();
const change = async (edits: readonly object[], version?: string) =>
  await site.inject({
    method: 'PATCH',
    url: '/api/settings',
    headers: admin,
    payload: { version: version ?? (await settings()).version, edits },
  });
const probe = (payload: object) =>
  site.inject({ method: 'POST', url: '/api/settings/probe', headers: admin, payload });

test('tells cameras without their passwords', async () => {
  const answer = await site.inject({ url: '/api/settings', headers: admin });
  expect(answer.json<SettingsAnswer>().cameras).toMatchObject([
    {
      name: 'yard',
      rotate: 0,
      mirror: false,
      url: 'rtsp://10.0.0.5/main',
      username: 'viewer',
      hasPassword: true,
    },
  ]);
  expect(answer.body).not.toContain('canary-secret');
});

test('adds, changes and removes cameras, and leaves the rest of the file as it is', async () => {
  const added = { kind: 'set', path: ['cameras', 'gate'], value: { url: 'rtsp://10.0.0.6/a' } };
  const changed = { kind: 'set', path: ['cameras', 'yard', 'mode'], value: 'always' };
  expect((await change([added, changed])).statusCode).toBe(200);
  expect(await readFile(path, 'utf8')).toBe(`${TEXT}    mode: always\n  gate:\n    url: rtsp://10.0.0.6/a\n`);
  expect((await change([{ kind: 'remove', path: ['cameras', 'gate'] }])).statusCode).toBe(200);
  expect(await readFile(path, 'utf8')).toBe(`${TEXT}    mode: always\n`);
});

test('changes a camera under the name that it is given by the same change', async () => {
  const renamed = { kind: 'rename', path: ['cameras', 'yard'], to: 'garden' };
  const changed = { kind: 'set', path: ['cameras', 'garden', 'mode'], value: 'always' };
  expect((await change([renamed, changed])).statusCode).toBe(200);
  expect(await readFile(path, 'utf8')).toBe(`${TEXT.replace('yard', 'garden')}    mode: always\n`);
});

test.each([
  ['a value that is none', { kind: 'set', path: ['cameras', 'yard', 'mode'], value: 'often' }],
  ['a source that is no camera', { kind: 'set', path: ['cameras', 'x'], value: { url: 'exec:id' } }],
  ['a prototype', { kind: 'set', path: ['cameras', '__proto__'], value: { url: 'rtsp://a/b' } }],
  ['a path out of the archive', { kind: 'set', path: ['cameras', '../x'], value: { url: 'rtsp://a/b' } }],
  ['a line too many', { kind: 'set', path: ['cameras', 'a\nb: c'], value: { url: 'rtsp://a/b' } }],
  ['a certificate of the machine', { kind: 'set', path: ['web', 'certificate'], value: '/etc/shadow' }],
  ['code of the machine', { kind: 'set', path: ['archive', 'folderModule'], value: '/tmp/x.mjs' }],
])('refuses %s at its field, and writes nothing', async (_, edit) => {
  const refused = await change([edit]);
  expect(refused.statusCode).toBe(400);
  const { error } = refused.json<{ error: { message: string; field?: string } }>();
  expect(error.field).toContain(edit.path[0]);
  expect(await readFile(path, 'utf8')).toBe(TEXT);
});

test('moves to no port that is taken, for nobody would find it there', async () => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  // Listening on TCP.
  const { port } = other.address() as AddressInfo;
  const taken = await change([{ kind: 'set', path: ['web', 'port'], value: port }]);
  expect(taken.statusCode).toBe(409);
  expect(taken.json()).toMatchObject({
    error: { field: 'web.port', reason: { code: 'port-taken', port } },
  });
  expect(await readFile(path, 'utf8')).toBe(TEXT);
  other.close();
  await once(other, 'close');
  expect((await change([{ kind: 'set', path: ['web', 'port'], value: port }])).statusCode).toBe(200);
});

test('tells programs, too, what may stand at an option', async () => {
  const reasonOf = async (option: readonly string[], value: unknown): Promise<unknown> => {
    const refused = await change([{ kind: 'set', path: ['cameras', 'yard', ...option], value }]);
    return refused.json<{ error: { reason?: unknown } }>().error.reason;
  };
  const modes = ['off', 'motion', 'always', 'always+motion', 'timelapse', 'timelapse+motion'];
  expect(await reasonOf(['event', 'preRoll'], '2d')).toMatchObject({ code: 'expected-duration', leastMs: 0 });
  expect(await reasonOf(['retention', 'maxSize'], '1B')).toMatchObject({ code: 'expected-size' });
  expect(await reasonOf(['motion', 'sensitivity'], 1.5)).toEqual({
    code: 'expected-whole-number',
    least: 1,
    most: 100,
  });
  expect(await reasonOf(['mode'], 'often')).toEqual({
    code: 'expected-choice',
    choices: expect.arrayContaining(modes) as unknown,
  });
  expect(await reasonOf(['url'], 'exec:id')).toEqual({ code: 'expected-address' });
  expect(await reasonOf(['motion', 'zones'], { '../x': {} })).toEqual({ code: 'expected-name' });
});

test('refuses what was made for another file, and where the file may not be written', async () => {
  const edit = { kind: 'set', path: ['cameras', 'yard', 'mode'], value: 'always' };
  const { version } = await settings();
  await writeFile(path, `${TEXT}# by hand\n`);
  expect((await change([edit], version)).statusCode).toBe(409);
  await chmod(path, 0o444);
  expect((await settings()).readOnly).toContain('write-protected');
  expect((await change([edit])).statusCode).toBe(409);
});

test('makes no camera of what is changed of one that was removed meanwhile', async () => {
  const refused = await change([
    { kind: 'set', path: ['cameras', 'gone', 'url'], value: 'rtsp://10.0.0.6/a' },
  ]);
  expect(refused.statusCode).toBe(404);
  expect(refused.json()).toMatchObject({ error: { reason: { code: 'no-camera', camera: 'gone' } } });
  expect(await readFile(path, 'utf8')).toBe(TEXT);
});

test('tests no address that is no camera’s', async () => {
  const asked = await Promise.all(
    [
      'gopher://10.0.0.5/',
      'exec:id',
      'file:///etc/passwd',
      'rtsp://169.254.169.254/a',
      'http://169.254.169.254/latest/meta-data',
    ].map((url) => probe({ url })),
  );
  expect(asked.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400, 400, 400]);
  expect(asked[0]?.json()).toMatchObject({ error: { field: 'url' } });
});

test('tells why a camera cannot be tested, without its password', async () => {
  // Nobody listens at port 1.
  const refused = await probe({ url: 'rtsp://127.0.0.1:1/a', username: 'eva', password: 'canary-secret' });
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain('The camera could not be tested');
  expect(refused.body).not.toContain('canary-secret');
});

test('tells nothing of what another service answers, and asks it nothing but RTSP', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      const body = 'canary-body of a service that is no camera';
      socket.end(`HTTP/1.1 200 OK\r\nServer: canary\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP.
  const { port } = server.address() as AddressInfo;
  const url = `rtsp://127.0.0.1:${port}/latest/meta-data?x=%0d%0aGET%20/secret%20HTTP/1.1`;
  const asked = await probe({ url });
  server.close();
  expect(asked.statusCode).toBe(422);
  expect(asked.body).not.toContain('canary-body');
  expect(heard.join('')).toMatch(/^(OPTIONS|DESCRIBE) rtsp:/);
  expect(heard.join('')).not.toMatch(/\nGET/);
});

test('tests with the login of a camera that is known, which nobody has to write again', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      const cseq = /CSeq: (\d+)/.exec(bytes.toString())?.[1] ?? '';
      socket.write(
        `RTSP/1.0 401 Unauthorized\r\nCSeq: ${cseq}\r\nWWW-Authenticate: Digest realm="a", nonce="b"\r\n\r\n`,
      );
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP.
  const { port } = server.address() as AddressInfo;
  const asked = await probe({ url: `rtsp://127.0.0.1:${port}/a`, camera: 'yard' });
  expect(asked.statusCode).toBe(422);
  expect(heard.join('')).toContain('username="viewer"');
  expect((await probe({ url: `rtsp://127.0.0.1:${port}/a`, camera: 'nowhere' })).statusCode).toBe(404);
  server.close();
});
