import { expect, test } from 'vitest';
import { parseExportSpan } from './export-span.ts';

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
