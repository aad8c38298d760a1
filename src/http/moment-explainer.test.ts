import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeIdentity } from '../archive/volume-identity.ts';
import { systemClock } from '../base/clock.ts';
import { wallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import { accessTo } from '../db/index-access.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeSegment, NOON, VOLUME } from '../db/testing/records.ts';
import type { MomentFinding } from '../lab/moment-messages.ts';
import { MomentExplainer } from './moment-explainer.ts';

let folder: string;
let index: SqliteIndex;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-moments-'));
  await writeIdentity(folder, VOLUME);
  index = SqliteIndex.open(':memory:');
});
afterEach(async () => {
  index.close();
  await rm(folder, { recursive: true, force: true });
});

/** Recordings of a minute each, one behind the other. */
async function record(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    const segment = makeSegment(minute * 60_000);
    index.apply([{ type: 'segment', segment }]);
    const path = join(folder, segment.path);
    // oxlint-disable-next-line no-await-in-loop -- two of them.
    await mkdir(join(path, '..'), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- two of them.
    await writeFile(path, '');
  }
}

/** Explains a moment by a process that does this with its order. @param atMs after noon. */
async function explain(body: string, atMs: number, signal = new AbortController().signal) {
  const program = join(folder, 'moment.mjs');
  await writeFile(program, `process.once('message', (order) => { ${body} });`);
  const volumes = () => [{ path: folder }] as never;
  const explainer = new MomentExplainer({ program, index: accessTo(index), volumes, clock: systemClock });
  const told: MomentFinding[] = [];
  // All that is read of it.
  const camera = { name: 'yard', event: {}, motion: {} } as CameraConfig;
  const problem = await explainer.explain(
    camera,
    wallMs(NOON + atMs),
    (finding) => void told.push(finding),
    signal,
  );
  return { told, problem };
}

const TELL_FILES = `
  const jpeg = Buffer.from(JSON.stringify(order.files));
  process.send({ type: 'picture', picture: { wallMs: order.fromWallMs, jpeg } });
  process.send({ type: 'done' }, () => process.disconnect());`;

test('the recordings around the moment are looked at, from the last key picture before them', async () => {
  await record(2);
  const { told, problem } = await explain(TELL_FILES, 65_000);
  expect(problem).toBeUndefined();
  const [picture] = told.flatMap((finding) => (finding.type === 'picture' ? finding.picture : []));
  expect(picture?.wallMs).toBe(NOON + 57_000);
  const files: unknown = JSON.parse(Buffer.from(picture?.jpeg ?? []).toString());
  expect(files).toEqual([
    { path: join(folder, makeSegment(0).path), startWallMs: NOON, keyMs: 36_000, isContinued: false },
    { path: join(folder, makeSegment(60_000).path), startWallMs: NOON + 60_000, keyMs: 0, isContinued: true },
  ]);
});

test('a recording that cannot be read is told, and what else is found', async () => {
  await record(1);
  const unreadable = { type: 'unreadable', path: '/x/12-00-00.mp4', reason: 'no film' } as const;
  const body = `process.send(${JSON.stringify(unreadable)});${TELL_FILES}`;
  const { told, problem } = await explain(body, 30_000);
  expect(problem).toBeUndefined();
  expect(told).toEqual([unreadable, expect.objectContaining({ type: 'picture' })]);
});

test('nothing is started where there is no recording', async () => {
  await record(1);
  expect(await explain('process.exit(1);', 600_000)).toEqual({ told: [], problem: undefined });
});

test('what goes wrong is told, whether the process says so or dies', async () => {
  await record(1);
  const failed = `process.send({ type: 'failed', reason: 'no picture' }, () => process.disconnect());`;
  expect((await explain(failed, 30_000)).problem).toBe('no picture');
  expect((await explain('process.exit(3);', 30_000)).problem).toContain(
    'ended with exit code 3, without an answer',
  );
});

test('who leaves ends it', async () => {
  await record(1);
  const leaving = new AbortController();
  const explaining = explain('setInterval(() => undefined, 1_000);', 30_000, leaving.signal);
  leaving.abort();
  expect(await explaining).toEqual({ told: [], problem: undefined });
});
