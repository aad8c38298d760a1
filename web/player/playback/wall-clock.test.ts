import { expect, it } from 'vitest';
import { WallClock } from './wall-clock.ts';

it('goes at its rate while it runs, either way, and goes on from where it stands', () => {
  let monotonicMs = 5_000;
  const clock = new WallClock(() => monotonicMs);
  clock.set(100_000);
  monotonicMs += 1_000;
  expect(clock.nowMs).toBe(100_000);
  clock.run(true);
  monotonicMs += 1_000;
  expect(clock.nowMs).toBe(101_000);
  clock.setRate(4);
  monotonicMs += 1_000;
  expect(clock.nowMs).toBe(105_000);
  clock.setRate(-0.5);
  monotonicMs += 2_000;
  expect(clock.nowMs).toBe(104_000);
  clock.run(false);
  monotonicMs += 2_000;
  expect(clock.nowMs).toBe(104_000);
  clock.run(true);
  clock.set(7_000);
  monotonicMs += 2_000;
  expect(clock.nowMs).toBe(6_000);
});
