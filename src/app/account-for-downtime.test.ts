import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { accessTo } from '../db/index-access.ts';
import { IndexError } from '../db/index-error.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeGap, makeSegment, NOON } from '../db/testing/records.ts';
import { accountForDowntime, type DowntimeOptions } from './account-for-downtime.ts';

const HOUR_MS = 3_600_000;

let folder: string;
let index: SqliteIndex;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-downtime-'));
  index = SqliteIndex.open(join(folder, 'preroll.db'));
});
afterEach(async () => {
  index.close();
  await rm(folder, { recursive: true, force: true });
});

function options(different: Partial<DowntimeOptions> = {}): DowntimeOptions {
  return {
    cameras: [
      { name: 'yard', isEnabled: true, untilWallMs: wallMs(NOON + 5 * HOUR_MS) },
      { name: 'new', isEnabled: true, untilWallMs: wallMs(NOON + 5 * HOUR_MS) },
    ],
    lastAlive: Promise.resolve(index.lastAlive()),
    recovered: Promise.resolve(),
    index: accessTo(index),
    clock: new SimulatedClock(),
    log: silentLog,
    signal: new AbortController().signal,
    ...different,
  };
}

/** In hours since noon. */
const gaps = () =>
  index
    .gaps({ fromWallMs: wallMs(NOON), toWallMs: wallMs(NOON + 9 * HOUR_MS) })
    .map((gap) => [
      gap.camera,
      (gap.startWallMs - NOON) / HOUR_MS,
      (gap.endWallMs - NOON) / HOUR_MS,
      gap.cause,
    ]);

test('tells of each known camera why nothing was recorded before the start', async () => {
  index.apply([
    { type: 'segment', segment: makeSegment(0) },
    { type: 'gap', gap: makeGap(60_000, HOUR_MS) },
    { type: 'alive', atWallMs: wallMs(NOON + HOUR_MS), isLeaving: true },
  ]);
  await accountForDowntime(options());
  expect(gaps()).toEqual([
    ['yard', 1 / 60, 1, 'unreachable'],
    ['yard', 1, 5, 'shutdown'],
  ]);
});

test('finds where the account of a camera ended that was out of the configuration for long', async () => {
  index.apply([
    { type: 'gap', gap: makeGap(0, HOUR_MS) },
    { type: 'alive', atWallMs: wallMs(NOON + 4 * HOUR_MS), isLeaving: false },
  ]);
  await accountForDowntime(options());
  expect(gaps()).toEqual([
    ['yard', 0, 1, 'unreachable'],
    ['yard', 1, 4, 'disabled'],
    ['yard', 4, 5, 'crash'],
  ]);
});

test('waits until the files have been looked at, and tries again when the index is locked', async () => {
  index.apply([
    { type: 'segment', segment: makeSegment(0) },
    { type: 'alive', atWallMs: wallMs(NOON + 60_000), isLeaving: false },
  ]);
  const clock = new SimulatedClock();
  const access = accessTo(index);
  let locked = 2;
  const timeline: typeof access.timeline = async (extent) => {
    locked -= 1;
    if (locked >= 0) throw new IndexError('locked', 'somebody else holds it');
    return await access.timeline(extent);
  };
  let recovered = (): void => undefined;
  const done = accountForDowntime(
    options({
      clock,
      recovered: new Promise((resolve) => {
        recovered = resolve;
      }),
      index: { ...access, timeline },
    }),
  );
  await clock.advance(60_000);
  expect(locked).toBe(2);
  // What was found: the second half of an hour.
  index.apply([{ type: 'segment', segment: makeSegment(60_000) }]);
  recovered();
  await clock.advance(60_000);
  await done;
  expect(gaps()).toEqual([['yard', 1 / 30, 5, 'crash']]);
});

test('gives up when the recorder stops, whatever it waits for', async () => {
  const never = new Promise<never>(() => undefined);
  const stop = new AbortController();
  const waits: Partial<DowntimeOptions>[] = [
    { lastAlive: never },
    { recovered: never },
    { index: { ...accessTo(index), timeline: () => never } },
  ];
  const done = Promise.all(
    waits.map((wait) => accountForDowntime(options({ ...wait, signal: stop.signal }))),
  );
  await new Promise(setImmediate);
  stop.abort();
  await done;
  expect(gaps()).toEqual([]);
});
