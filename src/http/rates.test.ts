import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { Rates } from './rates.ts';

describe('Rates', () => {
  test('tells what is added in a second between the last two counts', async () => {
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
