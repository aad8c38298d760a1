import { expect, test } from 'vitest';
import { LocalTime } from './canvas/local-time.ts';
import { localField, momentOfField } from './local-field.ts';

const berlin = new LocalTime('Europe/Berlin');

test('a field shows what clocks show where the cameras are, and gives the moment back', () => {
  const ms = Date.UTC(2026, 10, 28, 12, 34, 56, 789);
  expect(localField(berlin, ms)).toBe('2026-11-28T13:34:56');
  expect(momentOfField(berlin, localField(berlin, ms))).toBe(ms - 789);
});

test('what no clock shows is taken for the hour after it, and what is not filled in for nothing', () => {
  expect(momentOfField(berlin, '2026-03-29T02:30')).toBe(Date.UTC(2026, 2, 29, 1, 30));
  expect(momentOfField(berlin, '')).toBe(undefined);
});
