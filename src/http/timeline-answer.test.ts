import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { accessTo } from '../db/index-access.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeEvent, makeGap, makeSegment, NOON } from '../db/testing/records.ts';
import { timelineAnswer } from './api/timeline.ts';
import { timelineAnswerOf, type TimelineQuestion } from './timeline-answer.ts';

const DAY_MS = 86_400_000;
let index: SqliteIndex;
beforeEach(() => {
  index = SqliteIndex.open(':memory:');
});
afterEach(() => index.close());

async function ask(different: Partial<TimelineQuestion> = {}) {
  return await timelineAnswerOf(accessTo(index), {
    cameras: ['yard'],
    fromWallMs: wallMs(NOON),
    toWallMs: wallMs(NOON + 3_600_000),
    resolutionMs: 0,
    nowWallMs: wallMs(NOON + 1_000),
    timeZone: 'Europe/Berlin',
    ...different,
  });
}

test('tells recordings, gaps with their reasons, events and motion of a camera', async () => {
  index.apply([
    { type: 'segment', segment: makeSegment(-10_000) },
    { type: 'gap', gap: makeGap(50_000, 80_000, { cause: 'unreachable', detail: 'refused' }) },
    { type: 'event', event: makeEvent(20_000, { isKept: true }) },
    {
      type: 'motion',
      motion: { camera: 'yard', startWallMs: wallMs(NOON), intensity: Uint8Array.of(1, 7) },
    },
  ]);
  const answer = await ask();
  expect(timelineAnswer.parse(answer)).toEqual(answer);
  expect(answer).toMatchObject({
    reasons: [{ cause: 'unreachable', detail: 'refused' }],
    labels: [{ causes: ['motion'], zones: [] }],
    cameras: [
      {
        camera: 'yard',
        recorded: [-10_000, 60_000, 60_000],
        gaps: [50_000, 30_000, 30_000, 0],
        events: [15_000, 25_000, 5_000, 1, 0, 1],
        motion: { startMs: NOON, slotMs: 10_000 },
      },
    ],
  });
  const intensity = Buffer.from(answer.cameras[0]?.motion?.intensity ?? '', 'base64');
  expect([...intensity.subarray(0, 3)]).toEqual([1, 7, 0]);
});

test('a camera of which nothing is known has an empty timeline', async () => {
  expect((await ask({ cameras: ['new'] })).cameras).toEqual([
    { camera: 'new', recorded: [], gaps: [], events: [], motion: null },
  ]);
});

test('a day of 16 cameras with 500 events each takes less than 250 kB, and 100 kB compressed', async () => {
  const cameras = Array.from({ length: 16 }, (_, at) => `camera-${at}`);
  for (const camera of cameras) {
    index.apply(
      Array.from({ length: 500 }, (_, at) => {
        const startMs = Math.round(at * 172_800 + 40_000 * Math.sin(at * at));
        return { type: 'event', event: makeEvent(startMs, { camera }) } as const;
      }),
    );
  }
  const answer = await ask({ cameras, toWallMs: wallMs(NOON + DAY_MS), resolutionMs: 20_000 });
  const text = JSON.stringify(answer);
  expect(text.length).toBeLessThan(250_000);
  expect(gzipSync(text).length).toBeLessThan(100_000);
});
