import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { LONGEST_PAUSE_MS, pauseAfter, ReadPacer } from './read-pacer.ts';

test('gives all that pause equally long their turn at the same time', async () => {
  const clock = new SimulatedClock();
  const pacer = new ReadPacer(clock);
  const turns: string[] = [];
  await clock.advance(30);
  pacer.pause(200, () => turns.push(`a at ${clock.monotonicMs()}`));
  await clock.advance(100);
  pacer.pause(200, () => turns.push(`b at ${clock.monotonicMs()}`));
  pacer.pause(50, () => turns.push(`c at ${clock.monotonicMs()}`));
  await clock.advance(1_000);
  expect(turns).toEqual(['c at 150', 'a at 200', 'b at 200']);
});

test('a pause can be ended before its turn', async () => {
  const clock = new SimulatedClock();
  const turns: string[] = [];
  const pacer = new ReadPacer(clock);
  const pause = pacer.pause(100, () => turns.push('a'));
  pacer.pause(100, () => turns.push('b'));
  pause[Symbol.dispose]();
  await clock.advance(1_000);
  expect(turns).toEqual(['b']);
});

test('a pause that begins on a turn lasts until the next', async () => {
  const clock = new SimulatedClock();
  await clock.advance(200);
  let readAtMs = 0;
  new ReadPacer(clock).pause(200, () => {
    readAtMs = clock.monotonicMs();
  });
  await clock.advance(1_000);
  expect(readAtMs).toBe(400);
});

test('pauses begin short and grow', () => {
  expect([0, 999, 1_000, 2_000, 3_000, 4_000, 1e9].map(pauseAfter)).toEqual([25, 25, 50, 100, 200, 400, 400]);
  expect(pauseAfter(Number.MAX_SAFE_INTEGER)).toBe(LONGEST_PAUSE_MS);
});
