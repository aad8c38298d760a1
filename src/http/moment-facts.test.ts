import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { accessTo } from '../db/index-access.ts';
import { MOTION_SLOT_MS } from '../db/records.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeEvent, makeGap, makeSegment, NOON } from '../db/testing/records.ts';
import { momentFactsOf } from './moment-facts.ts';

const CAMERA = { name: 'yard', modes: { mode: 'always+motion', spans: [] } } as const;

/** @param atMs after noon. */
async function factsAt(atMs: number) {
  const index = SqliteIndex.open(':memory:');
  const intensity = Uint8Array.of(1, 90, 0);
  index.apply([
    { type: 'segment', segment: makeSegment(0) },
    { type: 'event', event: makeEvent(10_000, { zones: ['gate'] }) },
    { type: 'gap', gap: makeGap(60_000, 90_000) },
    { type: 'motion', motion: { camera: 'yard', startWallMs: wallMs(NOON), intensity } },
  ]);
  try {
    return await momentFactsOf(accessTo(index), CAMERA, wallMs(NOON + atMs), 'utc');
  } finally {
    index.close();
  }
}

test('a moment of an event has that, and what the detector saw', async () => {
  expect(await factsAt(MOTION_SLOT_MS + 2_000)).toEqual({
    isRecorded: true,
    gap: null,
    event: { triggerMs: NOON + 10_000, untilMs: NOON + 30_000, causes: ['motion'], zones: ['gate'] },
    mode: 'always+motion',
    seen: 'moving',
  });
  expect((await factsAt(2_000)).seen).toBe('still');
  expect((await factsAt(2 * MOTION_SLOT_MS + 2_000)).seen).toBe('unwatched');
});

test('one after it has none, and one that was not recorded tells why', async () => {
  expect(await factsAt(40_000)).toMatchObject({
    isRecorded: true,
    gap: null,
    event: null,
    seen: 'unwatched',
  });
  expect(await factsAt(70_000)).toMatchObject({
    isRecorded: false,
    gap: { cause: 'unreachable', detail: 'connection refused' },
    event: null,
  });
});
