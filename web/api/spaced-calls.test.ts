import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SpacedCalls } from './spaced-calls.ts';

let spaced: SpacedCalls;
let called: string[];

const want = (name: string, what: string): void => spaced.want(name, () => called.push(what));

beforeEach(() => {
  vi.useFakeTimers();
  spaced = new SpacedCalls(1_000);
  called = [];
});
afterEach(() => {
  spaced.close();
  vi.useRealTimers();
});

test('calls at once what is wanted first, and of what is wanted soon after it the last', () => {
  want('cameras', 'first');
  want('cameras', 'second');
  want('cameras', 'third');
  expect(called).toEqual(['first']);
  vi.advanceTimersByTime(1_000);
  expect(called).toEqual(['first', 'third']);
  vi.advanceTimersByTime(999);
  want('cameras', 'fourth');
  expect(called).toEqual(['first', 'third']);
  vi.advanceTimersByTime(1);
  expect(called).toEqual(['first', 'third', 'fourth']);
});

test('holds nothing up that has another name, nor what is wanted after a while', () => {
  want('cameras', 'cameras');
  want('settings', 'settings');
  expect(called).toEqual(['cameras', 'settings']);
  vi.advanceTimersByTime(1_000);
  expect(called).toHaveLength(2);
  want('cameras', 'cameras again');
  expect(called).toHaveLength(3);
});

test('calls nothing once it is closed', () => {
  want('cameras', 'first');
  want('cameras', 'second');
  spaced.close();
  vi.advanceTimersByTime(5_000);
  expect(called).toEqual(['first']);
});
