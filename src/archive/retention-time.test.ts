import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { AgeClock } from './retention-time.ts';

const START = Date.UTC(2026, 10, 20);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** How far the ages have come since the start. */
function aged(ages: AgeClock): number {
  return ages.read().ageWallMs - START;
}

function setUp(agedTo: number | undefined) {
  const clock = new SimulatedClock(START);
  return { clock, ages: new AgeClock(clock, agedTo === undefined ? undefined : wallMs(agedTo)) };
}

describe('AgeClock', () => {
  test('goes with the host’s clock as long as that goes evenly', async () => {
    const { clock, ages } = setUp(START);
    for (let minute = 1; minute <= 100; minute += 1) {
      await clock.advance(MINUTE);
      expect(aged(ages)).toBe(minute * MINUTE);
    }
    expect(ages.read().futureFromWallMs).toBeUndefined();
  });

  test('starts at the host’s time for an archive without a history, and after an absence of a week at most', () => {
    expect(aged(setUp(undefined).ages)).toBe(0);
    expect(aged(setUp(START - 7 * DAY).ages)).toBe(0);
    expect(aged(setUp(START - 7 * DAY - 1).ages)).toBe(-7 * DAY - 1);
  });

  test('catches up with an hour in an hour', async () => {
    const { clock, ages } = setUp(START);
    clock.jumpWall(HOUR);
    expect(aged(ages)).toBe(0);
    await clock.advance(HOUR / 2);
    expect(aged(ages)).toBe(HOUR);
    await clock.advance(HOUR);
    expect(aged(ages)).toBe(2.5 * HOUR);
  });

  test.each([1, -1])('ages an archive by no more than twice the time that passes when the clock leaps %i × 10 years', async (way) => {
    const { clock, ages } = setUp(START);
    clock.jumpWall(way * 10 * YEAR);
    for (let day = 1; day <= 30; day += 1) {
      await clock.advance(DAY);
      expect(aged(ages)).toBeLessThanOrEqual(2 * day * DAY);
    }
  });

  test('does so across restarts', async () => {
    const { clock, ages } = setUp(START);
    clock.jumpWall(10 * YEAR);
    let current = ages;
    for (let day = 1; day <= 30; day += 1) {
      await clock.advance(DAY);
      current.read();
      current = new AgeClock(clock, current.agedTo);
    }
    expect(aged(current)).toBe(60 * DAY);
  });

  test('takes a clock that went back far for wrong, and believes it at once when it is set right', async () => {
    const { clock, ages } = setUp(START);
    clock.jumpWall(-10 * YEAR);
    await clock.advance(DAY);
    expect(ages.read()).toEqual({
      wallMs: START + DAY - 10 * YEAR,
      ageWallMs: START + DAY - 10 * YEAR,
      futureFromWallMs: START + 8 * DAY - 10 * YEAR,
    });
    clock.jumpWall(10 * YEAR);
    await clock.advance(DAY);
    expect(ages.read()).toEqual({ wallMs: START + 2 * DAY, ageWallMs: START + 2 * DAY });
  });

  test('is not disturbed by a clock that goes back by an hour', async () => {
    const { clock, ages } = setUp(START);
    clock.jumpWall(-HOUR);
    expect(ages.read()).toEqual({ wallMs: START - HOUR, ageWallMs: START - HOUR });
    expect(ages.agedTo).toBe(START);
    await clock.advance(2 * HOUR);
    expect(aged(ages)).toBe(HOUR);
  });
});
