import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

test('does all that can be done, a few at once, and tells what failed', async () => {
  let [now, most] = [0, 0];
  const items = Array.from({ length: 20 }, (_, i) => i);
  const { done, failed } = await inTurn(items, async (item) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now -= 1;
    if (item === 7) throw new Error('no');
  });
  expect(done.toSorted((a, b) => a - b)).toEqual(items.filter((item) => item !== 7));
  expect(failed).toEqual([{ item: 7, error: new Error('no') }]);
  expect(most).toBe(4);
});
