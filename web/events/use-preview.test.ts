import { expect, test } from 'vitest';
import { previewMoments } from './use-preview.ts';

test('a preview shows moments all over the event, more of a longer one', () => {
  expect(previewMoments({ startMs: 1_000, endMs: 4_000 })).toEqual([1_500, 2_500, 3_500]);
  const long = previewMoments({ startMs: 0, endMs: 600_000 });
  expect(long).toHaveLength(8);
  expect(Math.min(...long)).toBeGreaterThan(0);
  expect(Math.max(...long)).toBeLessThan(600_000);
});
