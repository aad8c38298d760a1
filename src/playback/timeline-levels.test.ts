import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { eventsAt, gapsAt, recordedAt } from './timeline-levels.ts';

const span = (startMs: number, endMs: number) => ({ startWallMs: wallMs(startMs), endWallMs: wallMs(endMs) });
const CAUSES = ['motion'];
const ZONES: readonly string[] = [];

function event(triggerMs: number, causes = CAUSES, lengthMs = 20) {
  const times = span(triggerMs - 5, triggerMs - 5 + lengthMs);
  return { ...times, triggerWallMs: wallMs(triggerMs), causes, zones: ZONES, peakScore: 1, isKept: false };
}

test('without a resolution everything is told as it is', () => {
  expect(recordedAt([span(0, 10), span(20, 25)], 0)).toEqual([
    { startMs: 0, endMs: 10, filledMs: 10 },
    { startMs: 20, endMs: 25, filledMs: 5 },
  ]);
  expect(eventsAt([event(10), event(12)], 0)).toHaveLength(2);
});

test('short spans that begin in a cell are told as one, with how much of it is recorded', () => {
  expect(recordedAt([span(0, 10), span(20, 25), span(90, 150), span(210, 220)], 100)).toEqual([
    { startMs: 0, endMs: 150, filledMs: 75 },
    { startMs: 210, endMs: 220, filledMs: 10 },
  ]);
});

test('what is longer than a cell keeps its edges', () => {
  expect(recordedAt([span(3, 8), span(11, 350), span(360, 361)], 100)).toEqual([
    { startMs: 3, endMs: 8, filledMs: 5 },
    { startMs: 11, endMs: 350, filledMs: 339 },
    { startMs: 360, endMs: 361, filledMs: 1 },
  ]);
});

test('gaps of different causes stay apart', () => {
  const gap = (startMs: number, endMs: number, cause: 'policy' | 'disk') => ({
    camera: 'yard',
    ...span(startMs, endMs),
    cause,
    detail: cause === 'disk' ? 'no space left' : '',
  });
  expect(gapsAt([gap(0, 10, 'policy'), gap(10, 12, 'disk'), gap(30, 40, 'policy')], 100)).toEqual([
    { startMs: 0, endMs: 40, filledMs: 20, cause: 'policy', detail: '' },
    { startMs: 10, endMs: 12, filledMs: 2, cause: 'disk', detail: 'no space left' },
  ]);
});

test('events of a cell are counted by their causes, and told with the first trigger', () => {
  const unwatched = ['unwatched'];
  const kept = { ...event(30), isKept: true };
  expect(eventsAt([event(10), event(20, unwatched), kept, event(50, CAUSES, 500)], 100)).toMatchObject([
    { startMs: 5, endMs: 45, triggerMs: 10, count: 2, causes: CAUSES, isKept: true },
    { startMs: 15, triggerMs: 20, count: 1, causes: unwatched, isKept: false },
    { startMs: 45, endMs: 545, triggerMs: 50, count: 1 },
  ]);
});

test('a month of 500 events a day becomes no more than a few thousand groups', () => {
  const events = Array.from({ length: 31 * 500 }, (_, at) => event(at * 172_800, CAUSES, 20_000));
  const groups = eventsAt(events, 20 * 60_000);
  expect(groups.length).toBeLessThanOrEqual(31 * 72 + 1);
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(events.length);
});
