import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { Rates } from './rates.ts';

describe('Rates', () => {
  test('are those of the last ten seconds, however often is counted', async () => {
    const clock = new SimulatedClock();
    const rates = new Rates(clock);
    for (const count of [0, 1_000, 1_020, 1_040, 1_060, 1_080, 1_100]) {
      rates.count(new Map([['a', count]]));
      await clock.advance(2_000);
    }
    expect(rates.of('a')).toBe(10);
  });

  test('tells what is added in a second between two counts', async () => {
    const clock = new SimulatedClock();
    const rates = new Rates(clock);
    rates.count(new Map([['a', 100]]));
    expect(rates.of('a')).toBeNull();
    await clock.advance(2_000);
    rates.count(new Map([['a', 150]]));
    expect(rates.of('a')).toBe(25);
    expect(rates.of('b')).toBeNull();
  });

  test('knows no rate of a count that has begun anew, nor since long ago', async () => {
    const clock = new SimulatedClock();
    const rates = new Rates(clock);
    rates.count(new Map([['a', 100]]));
    await clock.advance(2_000);
    rates.count(new Map([['a', 5]]));
    expect(rates.of('a')).toBeNull();
    await clock.advance(60_000);
    rates.count(new Map([['a', 500]]));
    expect(rates.of('a')).toBeNull();
  });
});
