import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { remembered } from './remembered.ts';

test('work is done once for all who ask within its time, and again after it', async () => {
  const clock = new SimulatedClock();
  let times = 0;
  const ask = remembered(clock, 1_000, async () => (times += 1));
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  await clock.advance(999);
  expect(await ask()).toBe(1);
  await clock.advance(1);
  expect(await ask()).toBe(2);
});

test('what has failed is tried again by the next one who asks', async () => {
  let times = 0;
  const ask = remembered(new SimulatedClock(), 1_000, async () => {
    times += 1;
    if (times === 1) throw new Error('not now');
    return times;
  });
  await expect(ask()).rejects.toThrow('not now');
  expect(await ask()).toBe(2);
});
