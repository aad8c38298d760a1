import { expect, test } from 'vitest';
import { DEFAULT_ADAPTIVE_SETTINGS } from './adaptive/adaptive-settings.ts';
import { DIFFERENCE_PRESETS } from './difference-settings.ts';
import { neededScore } from './needed-score.ts';

test('is told in the measure of each detector', () => {
  const { current, v1, v2, v4 } = DIFFERENCE_PRESETS;
  expect(neededScore(current, 500 * 281)).toBe(1_500);
  expect(neededScore(v4, 500 * 281)).toBe(10);
  expect(neededScore(v1, 10_000)).toBe(800);
  expect(neededScore(v2, 10_000)).toBe(101);
  expect(neededScore(DEFAULT_ADAPTIVE_SETTINGS, 10_000)).toBe(25);
});
