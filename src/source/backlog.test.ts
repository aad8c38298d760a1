import { expect, test } from 'vitest';
import { Backlog } from './backlog.ts';

const OPENED = 100;

test('what FFmpeg had read ahead came one after the other since the input was opened', () => {
  const backlog = new Backlog(OPENED);
  const ages = [0, 0.5, 1, 1.5].map((shown) => backlog.age(shown, OPENED + 2, 0.001));
  expect(ages).toEqual([2, 1.5, 1, 0.5]);
});

test('what had to be waited for comes now, and so does all that follows', () => {
  const backlog = new Backlog(OPENED);
  expect(backlog.age(0, OPENED + 2, 0.001)).toBe(2);
  // The camera took a while until its first picture.
  expect(backlog.age(1.5, OPENED + 2.04, 0.04)).toBe(0);
  expect(backlog.age(1.5, OPENED + 2.04, 0.001)).toBe(0);
});

test('nothing comes from the future', () => {
  const backlog = new Backlog(OPENED);
  expect(backlog.age(3, OPENED + 2, 0.001)).toBe(0);
  expect(backlog.age(1, OPENED + 2, 0.001)).toBe(0);
});
