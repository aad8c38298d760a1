import { expect, test } from 'vitest';
import { makeFormat } from './format.ts';

const english = makeFormat('en-GB', 'UTC');
const german = makeFormat('de', 'UTC');
const AT_MS = Date.UTC(2026, 10, 27, 14, 5, 9);

test('times are written as the locale has them', () => {
  expect(english.timeWithSeconds(AT_MS)).toBe('14:05:09');
  expect(english.timeWithTenths(AT_MS + 370)).toBe('14:05:09.3');
  expect(german.timeWithTenths(AT_MS + 370)).toBe('14:05:09,3');
  // The tenth stands before what tells the half of the day.
  expect(makeFormat('en-US', 'UTC').timeWithTenths(AT_MS + 370)).toMatch(/^02:05:09\.3\sPM$/);
  expect(german.dateTime(AT_MS)).toBe('27.11.2026, 14:05:09');
  expect(makeFormat('en-GB', 'Asia/Tokyo').time(AT_MS)).toBe('23:05');
});

test('a duration tells its two largest units, and not those that are zero', () => {
  expect(english.duration(0)).toBe('0 s');
  expect(english.duration(12_400)).toBe('12 s');
  expect(english.duration(59_600)).toBe('1 min');
  expect(english.duration(3_600_000)).toBe('1 h');
  expect(english.duration(3_661_000)).toBe('1 h 1 min');
  expect(english.duration(90_000_000)).toBe('1 d 1 h');
});

test('a size has the largest unit that leaves a digit before the point', () => {
  expect(english.bytes(0)).toBe('0 B');
  expect(english.bytes(999)).toBe('999 B');
  expect(english.bytes(1_400_000)).toBe('1.4 MB');
  expect(german.bytes(1_400_000_000)).toBe('1,4 GB');
  expect(english.bytes(250_000_000)).toBe('250 MB');
});

test('what was is told in its largest unit', () => {
  expect(english.ago(AT_MS - 125_000, AT_MS)).toBe('2 minutes ago');
  expect(german.ago(AT_MS - 90_000_000, AT_MS)).toBe('gestern');
  expect(english.ago(AT_MS, AT_MS)).toBe('now');
});
