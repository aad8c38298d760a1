import { expect, test } from 'vitest';
import { Backlog } from './backlog.ts';

const OPENED = 100;

function ageOf(backlog: Backlog, shownSeconds: number, nowSeconds: number, readSeconds: number): number {
  backlog.ask(nowSeconds - readSeconds);
  return backlog.age(shownSeconds, nowSeconds);
}

test('what FFmpeg had read ahead came one after the other since the input was opened', () => {
  const backlog = new Backlog(OPENED);
  const ages = [0, 0.5, 1, 1.5].map((shown) => ageOf(backlog, shown, OPENED + 2, 0.001));
  expect(ages).toEqual([2, 1.5, 1, 0.5]);
});

test('what had to be waited for comes now, and so does all that follows', () => {
  const backlog = new Backlog(OPENED);
  expect(ageOf(backlog, 0, OPENED + 2, 0.001)).toBe(2);
  // The camera took a while until its first picture.
  expect(ageOf(backlog, 1.5, OPENED + 2.04, 0.04)).toBe(0);
  expect(ageOf(backlog, 1.5, OPENED + 2.04, 0.001)).toBe(0);
});

test('nothing comes from the future', () => {
  const backlog = new Backlog(OPENED);
  expect(ageOf(backlog, 3, OPENED + 2, 0.001)).toBe(0);
  expect(ageOf(backlog, 1, OPENED + 2, 0.001)).toBe(0);
});
