import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';

/*
 * Rows 14, 15 and 16 of what has gone wrong in other recorders, with the whole program: a fresh install is not on the network, and
 * secrets are in no log and no process list.
 */

const PASSWORD = 'canary horse 7';
const CAMERA_PASSWORD = 'canary-camera';
/** Nobody is at that port: the recorder tries it again and again. */
const CONFIG = { cameras: { front: { url: `rtsp://viewer:${CAMERA_PASSWORD}@127.0.0.1:9/live` } } };

const cleanup: AsyncDisposable[] = [];
let folder: string;

beforeEach(async () => {
  const made = await makeFolder();
  cleanup.push(made);
  folder = made.path;
});
afterEach(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

interface Site {
  readonly preroll: PrerollProcess;
  readonly url: string;
  readonly secret: string;
}

async function start(): Promise<Site> {
  await writeConfig(folder, CONFIG);
  const preroll = PrerollProcess.start(['run'], { folder, hasWeb: true });
  cleanup.push(preroll);
  await preroll.says('Set up Preroll');
  const [, found = '', secret = ''] =
    /(http:\/\/localhost:\d+\/)setup#([\w-]{43})/.exec(preroll.stderr) ?? [];
  return { preroll, url: found, secret };
}

async function send(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Of this machine in its network; it need not have one. */
function outerAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

async function answers(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url, { redirect: 'manual' })).status;
  } catch {
    return undefined;
  }
}

test('a fresh install is not on the network before an administrator has a password, and tells no secret', async () => {
  const { preroll, url, secret } = await start();
  const outer = outerAddress();
  const outside = outer === undefined ? undefined : url.replace('localhost', outer);
  expect(await answers(url)).toBe(200);
  if (outside !== undefined) expect(await answers(outside)).toBeUndefined();
  const wrong = await send(`${url}api/setup`, { token: 'guess', name: 'ada', password: PASSWORD });
  expect(wrong.status).toBe(410);
  const made = await send(`${url}api/setup`, { token: secret, name: 'ada', password: PASSWORD });
  expect(made.status).toBe(201);
  const cookie = made.headers.get('set-cookie')?.split(';')[0] ?? '';
  await preroll.says('the web app is at', 2);
  if (outside !== undefined) expect(await answers(outside)).toBe(308);
  const cameras = await fetch(`${url}api/cameras`, { headers: { cookie } });
  expect(await cameras.text()).toContain('"camera":"front"');
  expect((await fetch(`${url}api/cameras`)).status).toBe(401);
  expect((await send(`${url}api/session`, { name: 'ada', password: 'canary wrong' })).status).toBe(400);
  if (process.platform === 'linux') {
    const commandLines = await preroll.commandLines();
    expect(commandLines).toContain('web-main');
    expect(commandLines).not.toContain('canary');
  }
  await preroll.interrupt();
  expect(preroll.stderr).not.toContain('canary');
  const log = await readFile(join(folder, 'logs', 'preroll.log'), 'utf8');
  expect(log).not.toMatch(/canary|setup#/);
  expect(log).not.toContain(secret);
});

test('a web server that dies is started again, and the recorder goes on meanwhile', async () => {
  const { preroll, secret } = await start();
  const [pid = 0] = await preroll.children('web-main');
  process.kill(pid, 'SIGKILL');
  await preroll.says(/the web server was ended by SIGKILL; it is started again in 0.25 s/);
  await preroll.says('Set up Preroll', 2);
  const secrets = Array.from(preroll.stderr.matchAll(/setup#([\w-]{43})/g), ([, one]) => one);
  expect(secrets).toEqual([secret, expect.not.stringContaining(secret)]);
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
});

test('what it is to listen with is changed at once, by starting the web server again and nothing else', async () => {
  const { preroll, url } = await start();
  await writeConfig(folder, { ...CONFIG, web: { basePath: '/cams' } });
  await preroll.says('the web server is started again, with other settings');
  await preroll.says(/the web app is at http:\/\/localhost:\d+\/cams\//);
  const [moved = ''] = /http:\/\/localhost:\d+\/cams\//.exec(preroll.stderr) ?? [];
  expect(await answers(moved)).toBe(200);
  if (new URL(moved).port !== new URL(url).port) expect(await answers(url)).toBeUndefined();
  expect(preroll.stderr).not.toContain('applies when the recorder is started the next time');
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
});

test('a forgotten password is set on the command line, and ends the sessions', async () => {
  const { preroll, url, secret } = await start();
  const made = await send(`${url}api/setup`, { token: secret, name: 'ada', password: PASSWORD });
  const cookie = made.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await fetch(`${url}api/session`, { headers: { cookie } })).status).toBe(200);
  const listed = await PrerollProcess.run(['user', 'list'], { folder });
  expect(listed.stdout).toMatch(/^ada +admin +all cameras$/m);
  // Standard input is empty: so is the password.
  const refused = await PrerollProcess.run(['user', 'password', 'ada'], { folder });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  const through = ['sh', '-c', 'echo "another horse 8" | "$@"', 'sh'];
  const set = await PrerollProcess.run(['user', 'password', 'ada'], { folder, through });
  expect(set.stdout).toContain('ada has a new password');
  expect((await fetch(`${url}api/session`, { headers: { cookie } })).status).toBe(401);
  expect((await send(`${url}api/session`, { name: 'ada', password: 'another horse 8' })).status).toBe(200);
  await preroll.interrupt();
});
