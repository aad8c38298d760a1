import { expect, test } from 'vitest';
import { localField, parseExportSpan } from './export-span.ts';

test('takes cameras and moments from an address, the last ten minutes without', () => {
  expect(
    parseExportSpan('?camera=a&camera=b%20c&camera=a&from=2026-11-28T04:00:00.000Z&to=1795834800000', 0),
  ).toEqual({
    cameras: ['a', 'b c'],
    fromMs: Date.UTC(2026, 10, 28, 4),
    toMs: 1_795_834_800_000,
  });
  expect(parseExportSpan('?from=yesterday&to=x', 1_000_000)).toEqual({
    cameras: [],
    fromMs: 400_000,
    toMs: 1_000_000,
  });
});

test('fields show a moment to the second, and give it back', () => {
  const ms = new Date('2026-01-02T03:04:05').getTime();
  expect(localField(ms)).toBe('2026-01-02T03:04:05');
  expect(new Date(localField(ms)).getTime()).toBe(ms);
});
