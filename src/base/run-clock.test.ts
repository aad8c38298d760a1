import { describe, expect, test } from 'vitest';
import { RunClock } from './run-clock.ts';
import { monotonicMs, wallMs } from './time.ts';

const START_WALL = Date.UTC(2026, 10, 22, 20);

function host(elapsedMs: number, jumpMs = 0) {
  return { wall: wallMs(START_WALL + elapsedMs + jumpMs), monotonic: monotonicMs(5_000 + elapsedMs) };
}

describe('RunClock', () => {
  test('starts at the host clock and advances with the media clock', () => {
    const clock = new RunClock(40, host(0));
    expect(clock.wallOf(40)).toBe(START_WALL);
    expect(clock.wallOf(1_040)).toBe(START_WALL + 1_000);
    expect(clock.mediaOf(wallMs(START_WALL + 1_000))).toBe(1_040);
  });

  test('follows a camera whose crystal runs 100 ppm slow to within 20 ms over a day', () => {
    const clock = new RunClock(0, host(0));
    let hostMs = 0;
    for (let mediaMs = 0; hostMs < 86_400_000; mediaMs += 1_000) {
      hostMs = mediaMs * 1.0001;
      clock.observe(mediaMs, host(hostMs));
      if (mediaMs > 60_000) expect(Math.abs(clock.wallOf(mediaMs) - (START_WALL + hostMs))).toBeLessThan(20);
    }
  });

  test('finds the true time within seconds when a camera begins with what it had buffered', () => {
    const clock = new RunClock(0, host(0));
    let last = 0;
    for (let mediaMs = 0; mediaMs < 10_000; mediaMs += 40) {
      // The first three seconds come at once.
      clock.observe(mediaMs, host(Math.max(0, mediaMs - 3_000)));
      expect(clock.wallOf(mediaMs)).toBeGreaterThanOrEqual(last);
      last = clock.wallOf(mediaMs);
    }
    expect(clock.wallOf(10_000)).toBeCloseTo(START_WALL + 7_000, -1);
  });

  test('is not moved by packets that arrive late now and then', () => {
    const clock = new RunClock(0, host(0));
    for (let mediaMs = 0; mediaMs < 120_000; mediaMs += 40) {
      clock.observe(mediaMs, host(mediaMs + (mediaMs % 400 === 0 ? 0 : 300)));
    }
    expect(clock.wallOf(120_000)).toBeCloseTo(START_WALL + 120_000, 0);
  });

  test('never maps later media time to earlier wall time while it is steered back', () => {
    const clock = new RunClock(0, host(0));
    let last = 0;
    for (let mediaMs = 0; mediaMs < 600_000; mediaMs += 40) {
      clock.observe(mediaMs, host(Math.max(0, mediaMs * 0.999)));
      expect(clock.wallOf(mediaMs)).toBeGreaterThan(last);
      last = clock.wallOf(mediaMs);
    }
  });

  test('tells how far the host clock jumped, and keeps its own course', () => {
    const clock = new RunClock(0, host(0));
    expect(clock.observe(1_000, host(1_000))).toBe(0);
    expect(clock.observe(1_040, host(1_040, 3_600_000))).toBe(3_600_000);
    expect(clock.observe(1_080, host(1_080, -3_600_000))).toBe(-3_600_000);
    expect(clock.wallOf(1_080)).toBe(START_WALL + 1_080);
  });
});
