import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { Event } from './event.ts';
import { eventRecord } from './event-record.ts';

const START = Date.UTC(2026, 10, 22, 20);
const moment = { wallMs: wallMs(START + 0.7), score: 1_500, boxes: [], zones: ['door'] };

const event: Event = {
  continues: undefined,
  camera: 'yard',
  triggerWallMs: wallMs(START + 0.7),
  causes: ['motion', 'unwatched'],
  fromWallMs: wallMs(START - 5_000.2),
  untilWallMs: wallMs(START + 12_000.9),
  trigger: moment,
  peak: { ...moment, score: 2_000 },
  lastMotionWallMs: wallMs(START + 0.7),
  motionSamples: 3,
  zones: ['door'],
};

test('an event is told to the index with the times of its JSON', () => {
  const record = eventRecord(event, 'open');
  expect(record).toMatchObject({
    camera: 'yard',
    triggerWallMs: START,
    untilWallMs: START + 12_000,
    isOpen: true,
    causes: ['motion', 'unwatched'],
    zones: ['door'],
    score: 1_500,
    peakScore: 2_000,
    isKept: false,
    detail: { id: '2026-11-22T20:00:00.000Z', motionSamples: 3 },
  });
  for (const [name, ms] of [
    ['trigger', record.triggerWallMs],
    ['from', record.fromWallMs],
    ['until', record.untilWallMs],
  ] as const) {
    expect(record.detail[name]).toBe(new Date(ms).toISOString());
  }
  expect(eventRecord(event, 'closed').isOpen).toBe(false);
});

test('an event that no detector opened has no scores', () => {
  expect(eventRecord({ ...event, trigger: undefined, peak: undefined }, 'closed')).toMatchObject({
    score: undefined,
    peakScore: undefined,
  });
});
