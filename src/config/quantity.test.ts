import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, formatSize, parseDurationMs, parseSizeBytes } from './quantity.ts';

test.each([
  ['500ms', 500],
  ['5s', 5_000],
  ['0.5s', 500],
  ['2m', 120_000],
  ['1.5h', 5_400_000],
  ['1d', 86_400_000],
  [8, 8_000],
  [0.25, 250],
])('reads the duration %s', (written, ms) => {
  expect(parseDurationMs(written)).toBe(ms);
});

test.each([
  ['64KiB', 65_536],
  ['32MiB', 33_554_432],
  ['8MB', 8_000_000],
  ['1kB', 1_000],
  ['12B', 12],
  [4_096, 4_096],
])('reads the size %s', (written, bytes) => {
  expect(parseSizeBytes(written)).toBe(bytes);
});

test.each(['', '5', 's', '5 s', '-5s', '5S', '1e3s', '5s ', '.5s', '5.s', '99999999999s'])(
  'reads %o as no duration',
  (written) => {
    expect(parseDurationMs(written)).toBeUndefined();
  },
);

test.each(['', '5', 'MB', '5 MB', '-5MB', '5mb', '5KB', '5M'])('reads %o as no size', (written) => {
  expect(parseSizeBytes(written)).toBeUndefined();
});

test('reads back every duration and size that it writes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), (value) => {
      expect(parseDurationMs(formatDuration(value))).toBe(value);
      expect(parseSizeBytes(formatSize(value))).toBe(value);
    }),
  );
});
