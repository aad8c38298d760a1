import { expect, test } from 'vitest';
import { neededAt, withScore, type Score } from './scores.ts';

const at = (wallMs: number): Score => ({ wallMs, score: 1, neededScore: 1_500 });

test('the last minute is kept', () => {
  const scores = [0, 30_000, 60_000, 61_000].map(at).reduce(withScore, []);
  expect(scores.map(({ wallMs }) => wallMs)).toEqual([30_000, 60_000, 61_000]);
});

test('what is told twice, or after the clock was set back, stands once', () => {
  expect([5, 6, 6].map(at).reduce(withScore, [])).toHaveLength(2);
  expect([500, 600, 10].map(at).reduce(withScore, [])).toEqual([at(10)]);
});

test('ten more of sensitivity need half the score', () => {
  expect(neededAt(1_500, 50, 60)).toBe(750);
  expect(neededAt(750, 60, 50)).toBe(1_500);
  expect(neededAt(1, 50, 100)).toBe(1);
});
