import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../../config/config.ts';
import { Secret } from '../../config/secret.ts';
import type { LogAnswer } from '../api/logs.ts';
import { startTestSite, type TestSite } from '../testing/test-site.ts';

let folder: string;
let path: string;
let site: TestSite;
let admin: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-logs-'));
  path = join(folder, 'preroll.log');
  const main = { url: 'rtsp://yard', credentials: { username: 'ada', password: new Secret('swordfish') } };
  // All that the routes look at.
  const config = {
    cameras: [{ name: 'yard', isEnabled: true, source: { kind: 'rtsp', main } }],
    archive: { volumes: [], timeZone: 'utc' },
    log: { path, count: 2 },
  } as unknown as Config;
  site = await startTestSite({ config });
  admin = await site.signedIn('ada', { role: 'admin' });
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const LINES = [
  '{"camera":"yard","seconds":3,"time":"2026-11-28T07:00:00.000Z","level":"info","message":"as JSON"}',
  '2026-11-28 07:00:01.000 INFO  configuration: /etc/preroll.yaml',
  '2026-11-28 07:00:02.000 WARN  [yard] no answer url=rtsp://ada:swordfish@yard',
  'Error: a line of something else',
  '2026-11-28 07:00:03.000 ERROR [door] the disk is full',
];
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

async function ask(query = ''): Promise<LogAnswer> {
  return (await site.inject({ method: 'GET', url: `/api/logs${query}`, headers: admin })).json<LogAnswer>();
}

const textsOf = ({ lines }: LogAnswer) => lines.map((line) => line.text);

test('lines of both formats are told the newest first, without secrets, a page at a time', async () => {
  await writeFile(`${path}.1`, text(LINES.slice(0, 2)));
  await writeFile(path, text(LINES.slice(2)));
  const first = await ask('?limit=3');
  expect(textsOf(first)).toEqual([
    'the disk is full',
    'Error: a line of something else',
    'no answer url=rtsp://ada:***@yard',
  ]);
  expect(first.lines[2]).toMatchObject({ level: 'warn', camera: 'yard' });
  const rest = await ask(`?limit=3&before=${first.older}`);
  expect(textsOf(rest)).toEqual(['configuration: /etc/preroll.yaml', 'as JSON seconds=3']);
  expect(rest.older).toBeNull();
});

test('lines are chosen by importance, camera and text, and a secret is not found by guessing', async () => {
  await writeFile(path, text(LINES));
  expect(textsOf(await ask('?level=warn'))).toEqual([
    'the disk is full',
    'no answer url=rtsp://ada:***@yard',
  ]);
  expect(textsOf(await ask('?camera=yard'))).toHaveLength(2);
  expect(textsOf(await ask('?text=DISK'))).toEqual(['the disk is full']);
  expect(textsOf(await ask('?text=swordfish'))).toEqual([]);
});

test('what is written meanwhile is told from where one was, over a rotation too', async () => {
  await writeFile(path, text(LINES.slice(0, 1)));
  const first = await ask();
  await appendFile(path, text(LINES.slice(1, 2)));
  await rename(path, `${path}.1`);
  await writeFile(path, text(LINES.slice(4)));
  const next = await ask(`?after=${first.newest}`);
  expect(textsOf(next)).toEqual(['the disk is full', 'configuration: /etc/preroll.yaml']);
  expect(await ask(`?after=${next.newest}`)).toEqual({ lines: [], older: null, newest: next.newest });
  await rm(`${path}.1`);
  expect((await ask(`?after=${first.newest}`)).newest).toBeNull();
});

test('the whole log is downloaded the oldest line first, without secrets, and that is written down', async () => {
  await writeFile(`${path}.1`, text(LINES.slice(0, 2)));
  await writeFile(path, text(LINES.slice(2)));
  const answer = await site.inject({ method: 'GET', url: '/api/logs/file', headers: admin });
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="preroll-.*\.log"$/);
  expect(answer.body).toBe(text(LINES).replace('swordfish', '***'));
  expect(site.accounts.audit.entries({ limit: 1 })[0]).toMatchObject({
    action: 'exported',
    detail: 'the log',
    what: { kind: 'log' },
  });
});

test('a log that is not there says where it was sought and what to do', async () => {
  const answer = await site.inject({ method: 'GET', url: '/api/logs', headers: admin });
  expect(answer.statusCode).toBe(404);
  expect(answer.json<{ error: { message: string } }>().error.message).toMatch(/preroll\.log.*log\.path/);
});
