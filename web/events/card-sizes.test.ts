import { expect, test } from 'vitest';
import { cardSizes } from './card-sizes.ts';

test.each([
  ['a phone', 390, 1, 2],
  ['a small desktop', 1_216, 1, 5],
  ['a desktop', 1_856, 1, 7],
  ['the widest, where cards grow instead', 3_720, 1.625, 7],
])('on %s there are as many cards in a row as can be seen well', (_, windowPx, scale, columns) => {
  expect(cardSizes(windowPx, scale).columns).toBe(columns);
});

test('with letters twice as large all is twice as large', () => {
  const { columns, ...sizes } = cardSizes(1_000, 1);
  const large = cardSizes(2_000, 2);
  expect(large.columns).toBe(columns);
  // Rows are whole pixels.
  expect(Math.abs(large.rowPx - 2 * sizes.rowPx)).toBeLessThanOrEqual(1);
  expect([large.dayPx, large.gapPx, large.paddingPx]).toEqual(
    [sizes.dayPx, sizes.gapPx, sizes.paddingPx].map((px) => 2 * px),
  );
});
