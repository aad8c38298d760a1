import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { expect, test } from 'vitest';
import { whenThere } from './when-there.ts';

test('rests between attempts while nothing is there, and gives what comes then', () => {
  const results = [AVERROR_EAGAIN, AVERROR_EAGAIN, 0, AVERROR_EOF];
  const slept: number[] = [];
  const next = () =>
    whenThere(
      () => results.shift() ?? 0,
      (ms) => void slept.push(ms),
    );
  expect(next()).toBe(0);
  expect(slept).toEqual([10, 10]);
  expect(next()).toBe(AVERROR_EOF);
  expect(slept).toHaveLength(2);
});
