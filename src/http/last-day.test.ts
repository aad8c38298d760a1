import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { accessTo } from '../db/index-access.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeGap, makeSegment, NOON } from '../db/testing/records.ts';
import { lastDayOf } from './last-day.ts';

let index: SqliteIndex;

beforeEach(() => {
  index = SqliteIndex.open(':memory:');
});
afterEach(() => index.close());

const dayTo = async (ms: number) => await lastDayOf(accessTo(index), ['yard'], wallMs(NOON + ms));

test('what was not recorded is summed by cause, and told one by one where it was not meant', async () => {
  index.apply([
    { type: 'segment', segment: makeSegment(0) },
    { type: 'gap', gap: makeGap(60_000, 90_000, { cause: 'unreachable', detail: 'no route' }) },
    { type: 'segment', segment: makeSegment(90_000) },
    { type: 'gap', gap: makeGap(150_000, 160_000, { cause: 'unreachable', detail: 'timeout' }) },
    { type: 'gap', gap: makeGap(160_000, 260_000, { cause: 'policy', detail: 'mode motion' }) },
  ]);
  const day = await dayTo(260_000);
  expect(day.cameras).toEqual([
    {
      camera: 'yard',
      spanMs: 260_000,
      recordedMs: 120_000,
      missing: [
        { cause: 'policy', ms: 100_000, times: 1 },
        { cause: 'unreachable', ms: 40_000, times: 2 },
      ],
    },
  ]);
  expect(day.gaps).toEqual([
    {
      camera: 'yard',
      startMs: NOON + 150_000,
      endMs: NOON + 160_000,
      cause: 'unreachable',
      detail: 'timeout',
    },
    {
      camera: 'yard',
      startMs: NOON + 60_000,
      endMs: NOON + 90_000,
      cause: 'unreachable',
      detail: 'no route',
    },
  ]);
});

test('what lies before the day does not count, and a camera without anything has no day', async () => {
  index.apply([{ type: 'gap', gap: makeGap(0, 10_000, { cause: 'unreachable' }) }]);
  const day = await dayTo(86_400_000 + 4_000);
  expect(day.cameras[0]?.missing.find(({ cause }) => cause === 'unreachable')?.ms).toBe(6_000);
  expect((await lastDayOf(accessTo(index), ['new'], wallMs(NOON))).gaps).toEqual([]);
});
