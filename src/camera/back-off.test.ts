import { expect, test } from 'vitest';
import { BackOff, LONGEST_DELAY_MS } from './back-off.ts';

test('retries at once, then doubles to the longest delay', () => {
  const backOff = new BackOff(() => 0);
  const delays = Array.from({ length: 8 }, () => backOff.nextDelayMs());
  expect(delays).toEqual([0, 1000, 2000, 4000, 8000, 16000, LONGEST_DELAY_MS, LONGEST_DELAY_MS]);
});

test('spreads delays over a quarter below the full one', () => {
  const backOff = new BackOff(() => 0.999);
  backOff.nextDelayMs();
  expect(backOff.nextDelayMs()).toBeCloseTo(750, 0);
});

test('starts over after a success, and never overflows', () => {
  const backOff = new BackOff(() => 0);
  for (let i = 0; i < 5000; i++) backOff.nextDelayMs();
  expect(backOff.nextDelayMs()).toBe(LONGEST_DELAY_MS);
  backOff.reset();
  expect(backOff.nextDelayMs()).toBe(0);
});
