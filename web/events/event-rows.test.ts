import { expect, test } from 'vitest';
import { layOutRows, rowOf } from './event-rows.ts';

/** Events at these times; a day has 10 ms. */
function at(...triggers: readonly number[]) {
  return triggers.map((triggerMs) => ({ camera: 'yard', triggerMs }));
}

const startOfDay = (ms: number): number => Math.floor(ms / 10) * 10;

test('days begin with their name and a row of their own', () => {
  expect(layOutRows(at(29, 28, 27, 19, 3), 2, startOfDay)).toEqual([
    { kind: 'day', dayMs: 20 },
    { kind: 'events', first: 0, count: 2 },
    { kind: 'events', first: 2, count: 1 },
    { kind: 'day', dayMs: 10 },
    { kind: 'events', first: 3, count: 1 },
    { kind: 'day', dayMs: 0 },
    { kind: 'events', first: 4, count: 1 },
  ]);
  expect(layOutRows([], 2, startOfDay)).toEqual([]);
});

test('each event is found in the row that it was laid out in', () => {
  const events = at(...Array.from({ length: 97 }, (_, i) => 1_000 - i * 3));
  for (const columns of [1, 2, 5]) {
    const rows = layOutRows(events, columns, startOfDay);
    for (const index of events.keys()) {
      const row = rows[rowOf(rows, index)];
      expect(row?.kind === 'events' && row.first <= index && index < row.first + row.count).toBe(true);
    }
  }
});
