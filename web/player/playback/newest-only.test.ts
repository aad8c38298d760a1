import { expect, it } from 'vitest';
import { NewestOnly } from './newest-only.ts';

it('does one thing at a time, and of what was asked for meanwhile the newest', async () => {
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const newest = new NewestOnly<number>(async (request) => {
    begun.push(request);
    await new Promise<void>((resolve) => finish.push(resolve));
  });
  [1, 2, 3].forEach((request) => newest.ask(request));
  expect([begun, newest.isBusy]).toEqual([[1], true]);
  finish.shift()?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(begun).toEqual([1, 3]);
  newest.ask(4);
  newest.clear();
  finish.shift()?.();
  await Promise.resolve();
  await Promise.resolve();
  expect([begun, newest.isBusy]).toEqual([[1, 3], false]);
});
