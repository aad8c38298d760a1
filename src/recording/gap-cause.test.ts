import { expect, test } from 'vitest';
import type { RunEnd } from '../media/run.ts';
import { awaySinceMs, reasonOfEnd, troubleOf } from './gap-cause.ts';

const end = (kind: string): RunEnd => ({ kind, message: `it was ${kind}`, fields: {} });

test.each([
  ['connect', 'unreachable'],
  ['timeout', 'stalled'],
  ['stall', 'stalled'],
  ['auth', 'camera'],
  ['closed', 'camera'],
  ['media', 'clock'],
  ['clock-jump', 'clock'],
  ['failed', 'camera'],
  ['toString', 'camera'],
])('after %s nothing is recorded for %s', (kind, cause) => {
  expect(reasonOfEnd(end(kind))).toEqual({ cause, detail: `it was ${kind}` });
});

test('a wait in vain was one from its beginning on, an answer comes at once', () => {
  expect(awaySinceMs(end('timeout'), 10_000)).toBe(10_000);
  expect(awaySinceMs(end('refused'), 10_000)).toBe(0);
});

test('lost packets make holes, the first wait for a key picture makes none', () => {
  expect(troubleOf({ kind: 'lost', sequence: 1, count: 2 })).toBe('packets were lost');
  expect(troubleOf({ kind: 'awaiting-key', sequence: 1, reason: 'key' })).toBeUndefined();
  expect(troubleOf({ kind: 'awaiting-key', sequence: 1, reason: 'parameter-sets' })).toBeDefined();
  expect(troubleOf({ kind: 'bye', reason: '' })).toBeUndefined();
});
