import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaTicks } from '../base/time.ts';
import { FrameSampler } from './frame-sampler.ts';

/** The times, in seconds, of the pictures that a sampler of 5 fps picks. */
function picked(timesS: readonly number[]): number[] {
  const sampler = new FrameSampler(5);
  return timesS.filter((timeS) => sampler.accept(mediaTicks(Math.round(timeS * 90_000))));
}

function steady(rateFps: number, durationS: number, startS = 0): number[] {
  return Array.from({ length: rateFps * durationS }, (_, i) => startS + i / rateFps);
}

describe('FrameSampler', () => {
  it.each([5, 8, 10, 12, 15, 20, 25, 30, 60])('picks 5 pictures a second of %i', (rateFps) => {
    const count = picked(steady(rateFps, 60)).length;
    expect(Math.abs(count - 300)).toBeLessThanOrEqual(1);
  });

  it.each([1, 2, 3, 4])('picks every picture of a camera with %i fps', (rateFps) => {
    const times = steady(rateFps, 60);
    expect(picked(times)).toEqual(times);
  });

  it('says beforehand which pictures will not be wanted, whatever comes in between', () => {
    const sampler = new FrameSampler(5);
    const ticks = (index: number) => mediaTicks(index * 6_000);
    expect(sampler.isDue(ticks(0))).toBe(true);
    sampler.accept(ticks(0));
    expect([1, 2, 3].map((index) => sampler.isDue(ticks(index)))).toEqual([false, false, true]);
    expect(sampler.isDue(ticks(3))).toBe(true);
    sampler.accept(ticks(3));
    expect([1, 2].map((index) => sampler.isDue(ticks(index)))).toEqual([false, false]);
  });

  it('picks every third of 15 fps even when their times jitter', () => {
    const jittered = steady(15, 60).map((timeS, i) => timeS + (((i * 7) % 11) - 5) * 0.002);
    const expected = jittered.filter((_, i) => i % 3 === 0);
    expect(picked(jittered)).toEqual(expected);
  });

  it('goes on with the first picture after a gap, at the same rate', () => {
    const times = [...steady(10, 1), ...steady(10, 1, 61.3)];
    expect(picked(times).filter((timeS) => timeS > 60)).toEqual(steady(5, 1, 61.3));
  });

  it('goes on when the clock of the camera goes back', () => {
    const times = [...steady(10, 1, 1000), ...steady(10, 1)];
    expect(picked(times)).toEqual([...steady(5, 1, 1000), ...steady(5, 1)]);
  });

  it('picks the first picture after a reset', () => {
    const sampler = new FrameSampler(5);
    expect(sampler.accept(mediaTicks(0))).toBe(true);
    expect(sampler.accept(mediaTicks(10))).toBe(false);
    sampler.reset();
    expect(sampler.accept(mediaTicks(20))).toBe(true);
  });

  it('never goes without a picture for two intervals when there are pictures, whatever their times', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(steps, (stepTicks) => {
        const sampler = new FrameSampler(5);
        let [now, last] = [0, 0];
        sampler.accept(mediaTicks(0));
        for (const step of stepTicks) {
          now += step;
          if (sampler.accept(mediaTicks(now))) last = now;
          expect(now - last).toBeLessThan(2 * 18_000);
        }
      }),
    );
  });
});
