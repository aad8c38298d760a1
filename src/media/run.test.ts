import { expect, test } from 'vitest';
import { monotonicMs, wallMs } from '../base/time.ts';
import { startRun } from './run.ts';

test('a run is known by a whole millisecond, and its clock by the exact one', () => {
  const run = startRun(1, 500, { wall: wallMs(1e12 + 313.7), monotonic: monotonicMs(0) });
  expect(run.startWallMs).toBe(1e12 + 313);
  expect(run.clock.wallOf(500)).toBeCloseTo(1e12 + 313.7, 2);
});
