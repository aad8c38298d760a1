import { expect, test } from 'vitest';
import { askAgainInMs, picturesComeUntilMs } from './ask-again.ts';

const END_MS = 1_795_834_800_000;

test('a picture that is missing is asked for again, ever more seldom', () => {
  const untilMs = picturesComeUntilMs({ isOpen: true, endMs: END_MS });
  const waits = [0, 1, 2, 3, 4, 50].map((tries) => askAgainInMs(tries, untilMs, END_MS + 3_600_000));
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 16_000, 16_000]);
});

test('a minute after an event has ended no picture of it is asked for again', () => {
  const untilMs = picturesComeUntilMs({ isOpen: false, endMs: END_MS });
  expect(askAgainInMs(0, untilMs, END_MS + 59_000)).toBe(2_000);
  expect(askAgainInMs(0, untilMs, END_MS + 61_000)).toBeUndefined();
});
