import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Accounts } from '../account/accounts.ts';
import { ExportTable } from '../account/export-table.ts';
import { writeIdentity } from '../archive/volume-identity.ts';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { Config } from '../config/config.ts';
import { accessTo } from '../db/index-access.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeSegment, NOON } from '../db/testing/records.ts';
import { makeTestRun, writeTestSegment } from '../playback/testing/test-run.ts';
import { ExportJobs } from './export-jobs.ts';

const VOLUME = '9e0f8e1c-6f0c-4f6e-9f3a-3c1e1d2b4a5f';
const WANTED = {
  userId: 1,
  user: 'ada',
  cameras: ['yard'],
  fromWallMs: wallMs(NOON),
  toWallMs: wallMs(NOON + 60_000),
  gaps: 'skip',
} as const;

let folder: string;
let index: SqliteIndex;
let accounts: Accounts;
const made: ExportJobs[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-exports-'));
  await mkdir(join(folder, 'archive'));
  await writeIdentity(join(folder, 'archive'), VOLUME);
  index = SqliteIndex.open(':memory:');
  accounts = Accounts.open({ path: ':memory:', clock: new SimulatedClock(NOON) });
  accounts.users.add('ada', { role: 'operator', cameras: null }, '');
});
afterEach(async () => {
  for (const jobs of made.splice(0)) await jobs[Symbol.asyncDispose]();
  accounts[Symbol.dispose]();
  index.close();
  await rm(folder, { recursive: true });
});

function makeJobs(): ExportJobs {
  const volumes = [{ path: join(folder, 'archive'), maxBytes: undefined, moveAfterMs: undefined }];
  const config = { archive: { volumes }, web: { folder: join(folder, 'web') } };
  const jobs = new ExportJobs({
    table: new ExportTable(accounts.database),
    index: accessTo(index),
    // All that the jobs look at.
    config: () => config as unknown as Config,
    clock: new SimulatedClock(NOON),
    log: silentLog,
  });
  made.push(jobs);
  return jobs;
}

/** Footage of `yard` at noon. */
async function record(): Promise<void> {
  const segment = makeSegment(0, { volume: VOLUME, path: 'yard/a.mp4' });
  const path = join(folder, 'archive', segment.path);
  await mkdir(join(folder, 'archive', 'yard'), { recursive: true });
  await writeTestSegment({ path, run: makeTestRun({ startWallMs: NOON, pictures: 100 }), from: 0, to: 100 });
  index.apply([
    { type: 'volume', volume: { id: VOLUME, path: join(folder, 'archive') } },
    { type: 'segment', segment },
  ]);
}

const ended = (jobs: ExportJobs) =>
  expect.poll(() => jobs.all().every(({ outcome }) => outcome !== undefined)).toBe(true);

test('makes the files that were asked for, with their checksums', async () => {
  await record();
  const jobs = makeJobs();
  const added = jobs.add(WANTED);
  await ended(jobs);
  const [job] = jobs.all();
  expect(added).toEqual({ id: job?.id });
  expect(job).toMatchObject({ user: 'ada', outcome: { state: 'done' } });
  const [file] = job?.outcome?.files ?? [];
  const path = job && file && jobs.pathOf(job, file.name);
  const bytes = await readFile(path ?? '');
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(file?.sha256);
  expect(bytes.length).toBe(file?.sizeBytes);
  expect(job && jobs.pathOf(job, '../../accounts.db')).toBeUndefined();
});

test('tells why there is none, of each camera', async () => {
  const jobs = makeJobs();
  jobs.add({ ...WANTED, cameras: ['yard', 'door'] });
  await ended(jobs);
  expect(jobs.all()[0]?.outcome).toMatchObject({
    state: 'failed',
    problems: ['yard', 'door'].map((camera) => ({
      kind: 'nothing',
      camera,
      message: 'nothing was recorded in that time',
    })),
  });
});

test('goes on after a restart, and removes what nobody asks for any more, but nothing of others', async () => {
  await record();
  const exports = join(folder, 'web', 'exports');
  const [begun, stray] = ['Ab3dE6-hIjkl', 'stray_123456'];
  new ExportTable(accounts.database).add({ ...WANTED, id: begun, createdWallMs: wallMs(NOON) });
  await mkdir(join(exports, stray), { recursive: true });
  await mkdir(join(exports, 'holidays'));
  await writeFile(join(exports, 'exports.tsx'), 'of somebody else');
  const jobs = makeJobs();
  jobs.start();
  await ended(jobs);
  expect(jobs.find(begun)?.outcome?.state).toBe('done');
  expect(await readdir(exports)).toEqual([begun, 'exports.tsx', 'holidays']);
  await jobs.remove(begun);
  expect(jobs.all()).toEqual([]);
  expect(await readdir(exports)).toEqual(['exports.tsx', 'holidays']);
});

test('makes one of two that are alike and asked for at once', () => {
  const jobs = makeJobs();
  const first = jobs.add(WANTED);
  expect(jobs.add({ ...WANTED })).toEqual(first);
  jobs.add({ ...WANTED, gaps: 'keep' });
  jobs.add({ ...WANTED, toWallMs: wallMs(WANTED.toWallMs + 1) });
  expect(jobs.all()).toHaveLength(3);
});

test('refuses when too many wait', () => {
  const jobs = makeJobs();
  const added = Array.from({ length: 51 }, (_, i) =>
    jobs.add({ ...WANTED, toWallMs: wallMs(WANTED.toWallMs + i) }),
  );
  expect(added.at(-1)).toBe('busy');
  expect(added.filter((one) => typeof one === 'object')).toHaveLength(50);
});
