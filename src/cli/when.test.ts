import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { parseWhen } from './when.ts';

const now = wallMs(Date.parse('2026-11-22T12:00:00Z'));

test('reads days, whole, and moments of local time', () => {
  expect(parseWhen('2026-11-20', 'from', now)).toBe(new Date(2026, 10, 20).getTime());
  expect(parseWhen('2026-11-20', 'to', now)).toBe(new Date(2026, 10, 21).getTime() - 1);
  expect(parseWhen('2026-11-20T13:30', 'from', now)).toBe(new Date(2026, 10, 20, 13, 30).getTime());
  expect(parseWhen('2026-11-20T13:30:00Z', 'to', now)).toBe(Date.parse('2026-11-20T13:30:00Z'));
  expect(parseWhen('2026-11-20T13:30:07.25', 'to', now)).toBe(
    new Date(2026, 10, 20, 13, 30, 7, 250).getTime(),
  );
});

test('reads how long ago', () => {
  expect(parseWhen('7d', 'from', now)).toBe(now - 7 * 86_400_000);
  expect(parseWhen('90m', 'to', now)).toBe(now - 5_400_000);
});

test('refuses what is no time', () => {
  const texts = ['', 'yesterday', '2026-13-01', '20', '2026-11-20 13:00', 'd', '2026-11-20Tnoon'];
  expect(texts.map((text) => parseWhen(text, 'from', now))).toEqual(texts.map(() => undefined));
});
