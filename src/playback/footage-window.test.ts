import { afterEach, beforeEach, expect, it } from 'vitest';
import { wallMs } from '../base/time.ts';
import { accessTo } from '../db/index-access.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeGap, makeSegment, NOON } from '../db/testing/records.ts';
import { findFootageWindow } from './footage-window.ts';

const DAY_MS = 86_400_000;

let index: SqliteIndex;
beforeEach(() => {
  index = SqliteIndex.open(':memory:');
});
afterEach(() => index.close());

function record(startMs: number): void {
  index.apply([{ type: 'segment', segment: makeSegment(startMs) }]);
}
const window = async (fromMs: number, toMs: number) =>
  await findFootageWindow(accessTo(index), {
    camera: 'yard',
    span: { fromWallMs: wallMs(NOON + fromMs), toWallMs: wallMs(NOON + toMs) },
    nowWallMs: wallMs(NOON + 400 * DAY_MS),
  });

it('tells what overlaps a span, and why the rest is missing', async () => {
  [0, 60_000, 200_000].forEach(record);
  index.apply([{ type: 'gap', gap: makeGap(120_000, 200_000) }]);
  const { segments, gaps, previousWallMs, nextWallMs } = await window(70_000, 150_000);
  expect(segments.map(({ startWallMs }) => startWallMs - NOON)).toEqual([60_000]);
  expect(gaps.map(({ cause }) => cause)).toEqual(['unreachable']);
  expect([previousWallMs, nextWallMs].map((at) => (at ?? 0) - NOON)).toEqual([70_000, 200_000]);
});

it('finds footage before and after, however far it is', async () => {
  record(0);
  record(300 * DAY_MS);
  const { segments, previousWallMs, nextWallMs } = await window(100 * DAY_MS, 101 * DAY_MS);
  expect(segments).toEqual([]);
  expect([previousWallMs, nextWallMs].map((at) => (at ?? 0) - NOON)).toEqual([60_000, 300 * DAY_MS]);
  const last = await window(301 * DAY_MS, 302 * DAY_MS);
  expect(last.nextWallMs).toBeUndefined();
  const first = await window(-2 * DAY_MS, -DAY_MS);
  expect(first.previousWallMs).toBeUndefined();
});

it('looks at a day at a time, however much is asked for', async () => {
  [0, DAY_MS + 60_000, 300 * DAY_MS].forEach(record);
  const access = accessTo(index);
  const longest: number[] = [];
  const counted = {
    timeline: access.timeline,
    gaps: access.gaps,
    segments: async (extent: Parameters<typeof access.segments>[0]) => {
      longest.push(extent.toWallMs - extent.fromWallMs);
      return await access.segments(extent);
    },
  };
  const { span, segments, nextWallMs } = await findFootageWindow(counted, {
    camera: 'yard',
    span: { fromWallMs: wallMs(NOON), toWallMs: wallMs(NOON + 400 * DAY_MS) },
    nowWallMs: wallMs(NOON + 400 * DAY_MS),
  });
  expect(longest).toEqual([DAY_MS]);
  expect(segments).toHaveLength(1);
  expect([span.toWallMs - NOON, (nextWallMs ?? 0) - NOON]).toEqual([DAY_MS, DAY_MS + 60_000]);
});

it('answers a long span in parts that follow one another', async () => {
  for (let minute = 0; minute < 130; minute += 1) record(minute * 60_000);
  const starts: number[] = [];
  let fromMs = 0;
  while (fromMs < 130 * 60_000) {
    const { span, segments } = await window(fromMs, 130 * 60_000);
    expect(segments.reduce((sum, { fragments }) => sum + fragments.length, 0)).toBeLessThanOrEqual(1_800);
    starts.push(...segments.map(({ startWallMs }) => startWallMs - NOON));
    expect(span.toWallMs - NOON).toBeGreaterThan(fromMs);
    fromMs = span.toWallMs - NOON;
  }
  expect(starts).toEqual(Array.from({ length: 130 }, (_, minute) => minute * 60_000));
});
