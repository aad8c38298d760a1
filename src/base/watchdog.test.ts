import { expect, test, vi } from 'vitest';
import { SimulatedClock } from './simulated-clock.ts';
import { patience, Watchdog } from './watchdog.ts';

function setUp(patienceMs: number) {
  const clock = new SimulatedClock();
  const bark = vi.fn();
  return { clock, bark, watchdog: new Watchdog(clock, patienceMs, bark) };
}

test('barks once when its patience is over, to the millisecond', async () => {
  const { clock, bark } = setUp(8_250);
  await clock.advance(8_249);
  expect(bark).not.toHaveBeenCalled();
  await clock.advance(1);
  await clock.advance(60_000);
  expect(bark).toHaveBeenCalledTimes(1);
});

test('barks also where the clock has fractions that do not add up', async () => {
  const { clock, bark, watchdog } = setUp(1_000 / 3 + 5_000);
  await clock.advance(0.1 + 0.2);
  watchdog.calm();
  await clock.advance(5_335);
  expect(bark).toHaveBeenCalledTimes(1);
});

test('counts from the last sign of life', async () => {
  const { clock, bark, watchdog } = setUp(8_000);
  await clock.advance(4_300);
  watchdog.calm();
  await clock.advance(7_999);
  expect(bark).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(bark).toHaveBeenCalledTimes(1);
});

test('does not bark when it is disposed of', async () => {
  const { clock, bark, watchdog } = setUp(2_500);
  await clock.advance(2_000);
  watchdog[Symbol.dispose]();
  await clock.advance(60_000);
  expect(bark).not.toHaveBeenCalled();
});

test.each([100, 500, 7_900])(
  'does not count a standstill, %i ms after the last sign of life',
  async (afterMs) => {
    const { clock, bark, watchdog } = setUp(8_000);
    await clock.advance(afterMs);
    clock.standStill(40_000);
    await clock.advance(900);
    expect(bark).not.toHaveBeenCalled();
    watchdog.calm();
    await clock.advance(7_999);
    expect(bark).not.toHaveBeenCalled();
  },
);

test('gives one more step to be heard after a standstill, and barks then', async () => {
  const { clock, bark } = setUp(8_000);
  await clock.advance(7_990);
  clock.standStill(12_000);
  await clock.advance(1_999);
  expect(bark).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(bark).toHaveBeenCalledTimes(1);
});

test('does not count a standstill with a patience that is shorter than a step', async () => {
  const { clock, bark } = setUp(700);
  clock.standStill(5_000);
  await clock.advance(699);
  expect(bark).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(bark).toHaveBeenCalledTimes(1);
});

test('goes on counting where timers are always a little late, as on a busy machine', async () => {
  const { clock, bark } = setUp(8_000);
  for (let steps = 0; steps < 8 && bark.mock.calls.length === 0; steps++) {
    await clock.advance(999);
    clock.standStill(400);
    await clock.advance(0);
  }
  expect(bark).toHaveBeenCalledTimes(1);
});

test('patience ends with the signal, and leaves no timer', async () => {
  const clock = new SimulatedClock();
  const stop = new AbortController();
  const waiting = patience(clock, 2_000, stop.signal);
  const reason = new Error('stopped');
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('patience is over when nobody was heard, a standstill not counted', async () => {
  const clock = new SimulatedClock();
  const over = vi.fn();
  void patience(clock, 2_000, new AbortController().signal).then(over);
  clock.standStill(12_000);
  await clock.advance(1_999);
  expect(over).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(over).toHaveBeenCalledTimes(1);
});
