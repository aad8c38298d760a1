import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { accessTo } from '../db/index-access.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeEvent, NOON } from '../db/testing/records.ts';
import { neighbourEvent } from './neighbour-event.ts';

const DAY_MS = 86_400_000;
let index: SqliteIndex;
beforeEach(() => {
  index = SqliteIndex.open(':memory:');
  const at = [0, 60_000, 90 * DAY_MS].map((ms) => ({ type: 'event', event: makeEvent(ms) }) as const);
  const elsewhere = { type: 'event', event: makeEvent(30_000, { camera: 'gate' }) } as const;
  index.apply([...at, elsewhere]);
});
afterEach(() => index.close());

async function neighbour(direction: 'next' | 'previous', atMs: number, cameras = ['yard']) {
  const found = await neighbourEvent(accessTo(index), {
    cameras,
    direction,
    atWallMs: wallMs(NOON + atMs),
    nowWallMs: wallMs(NOON + 100 * DAY_MS),
  });
  return found && [found.camera, found.event.triggerWallMs - NOON];
}

test('finds the event after a moment and before it, not the one of that very moment', async () => {
  expect(await neighbour('next', 0)).toEqual(['yard', 60_000]);
  expect(await neighbour('previous', 60_000)).toEqual(['yard', 0]);
  expect(await neighbour('next', 0, ['yard', 'gate'])).toEqual(['gate', 30_000]);
});

test('finds one far away, and none where there is none', async () => {
  expect(await neighbour('next', 60_000)).toEqual(['yard', 90 * DAY_MS]);
  expect(await neighbour('previous', 90 * DAY_MS)).toEqual(['yard', 60_000]);
  expect(await neighbour('next', 90 * DAY_MS)).toBeUndefined();
  expect(await neighbour('previous', 0)).toBeUndefined();
});
