import { expect, test } from 'vitest';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { eventRows } from './event-rows.ts';

const at = (time: string): EventSummaryJson => ({
  camera: 'yard',
  triggerMs: new Date(time).getTime(),
  startMs: 0,
  endMs: 0,
  isOpen: false,
  causes: [],
  zones: [],
  peakScore: null,
  isKept: false,
  isSeen: false,
  note: null,
});

test('fills rows day by day, each with its heading', () => {
  const events = ['2026-11-28T09:00', '2026-11-28T08:00', '2026-11-28T07:00', '2026-11-27T23:00'].map(at);
  const rows = eventRows(events, 2);
  expect(rows.map((row) => (row.kind === 'day' ? new Date(row.dayMs).getDate() : row.events.length))).toEqual(
    [28, 2, 1, 27, 1],
  );
  expect(eventRows([], 3)).toEqual([]);
});
