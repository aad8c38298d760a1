import { expect, test } from 'vitest';
import { gridColumns } from './grid-columns.ts';

test.each([
  [1, 1_400, 700, 1],
  [2, 1_400, 700, 2],
  [4, 1_400, 700, 2],
  [9, 1_400, 700, 3],
  [2, 390, 500, 1],
  [4, 390, 500, 1],
  [6, 390, 500, 2],
  [3, 0, 0, 1],
])('%i pictures in %i x %i px stand in %i columns', (pictures, widthPx, heightPx, columns) => {
  expect(gridColumns(pictures, widthPx, heightPx)).toBe(columns);
});
