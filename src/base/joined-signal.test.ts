import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { JoinedSignal } from './joined-signal.ts';

test('aborts as soon as one of its signals does, with its reason', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  using joined = new JoinedSignal(one.signal, other.signal);
  expect(joined.signal.aborted).toBe(false);
  const reason = new Error('enough');
  other.abort(reason);
  one.abort();
  expect(joined.signal.reason).toBe(reason);
});

test('has aborted where one of its signals has', () => {
  const reason = new Error('enough');
  using joined = new JoinedSignal(new AbortController().signal, AbortSignal.abort(reason));
  expect(joined.signal.reason).toBe(reason);
});

test('leaves nothing behind at its signals, and aborts no more, once it is disposed', () => {
  const stop = new AbortController();
  const joined = new JoinedSignal(stop.signal);
  joined[Symbol.dispose]();
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  stop.abort();
  expect(joined.signal.aborted).toBe(false);
});
