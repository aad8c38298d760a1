import { expect, test } from 'vitest';
import { keepTrying } from './keep-trying.ts';
import { SimulatedClock } from './simulated-clock.ts';

test('tries again after 1, 2, 4 … 30 s, until it succeeds', async () => {
  const clock = new SimulatedClock();
  const triedAfterMs: number[] = [];
  const failures: unknown[] = [];
  const attempt = () => {
    triedAfterMs.push(clock.monotonicMs());
    return triedAfterMs.length < 8
      ? Promise.reject(new Error(`${triedAfterMs.length}`))
      : Promise.resolve('it');
  };
  const { signal } = new AbortController();
  const trying = keepTrying(attempt, { clock, signal, onFailure: (error) => failures.push(error) });
  await clock.advance(200_000);
  expect(await trying).toBe('it');
  const [first = 0] = triedAfterMs;
  expect(triedAfterMs.map((ms) => ms - first)).toEqual([
    0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000,
  ]);
  expect(failures).toHaveLength(7);
});

test('ends with its signal', async () => {
  const clock = new SimulatedClock();
  const ending = new AbortController();
  const attempt = () => Promise.reject(new Error('not yet'));
  const trying = keepTrying(attempt, { clock, signal: ending.signal, onFailure: () => undefined });
  await clock.advance(5_000);
  ending.abort();
  expect(await trying).toBeUndefined();
});
