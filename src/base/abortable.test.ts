import { expect, test } from 'vitest';
import { abortable } from './abortable.ts';

test('gives what the work gives, or throws what it throws', async () => {
  const { signal } = new AbortController();
  expect(await abortable(Promise.resolve(7), signal)).toBe(7);
  await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

test('does not wait on when the signal aborts, or has aborted', async () => {
  const stop = new AbortController();
  const waiting = abortable(new Promise(() => undefined), stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(abortable(Promise.resolve(7), stop.signal)).rejects.toThrow('enough');
});
