import { describe, expect, test } from 'vitest';
import { mediaTicks, wallMs } from '../base/time.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { motionIntensity } from './motion-intensity.ts';
import { MotionMeter } from './motion-meter.ts';

const START = Date.UTC(2026, 10, 28, 12);

function sample(atMs: number, score: number): MotionSample {
  return {
    wallMs: wallMs(START + atMs),
    pts: mediaTicks(0),
    score,
    isMotion: score > 500,
    boxes: [],
    zones: [],
    analysedWidthPx: 1000,
    analysedHeightPx: 100,
  };
}

describe('motionIntensity', () => {
  test.each([
    [0, 1],
    [10, 54],
    [100, 103],
    [1_000, 153],
    [10_000, 204],
    [100_000, 255],
    // Weights of zones can count a pixel several times.
    [900_000, 255],
    [Number.NaN, 1],
  ])('of %i of 100,000 pixels is %i', (score, intensity) => {
    expect(motionIntensity(sample(0, score))).toBe(intensity);
  });
});

describe('MotionMeter', () => {
  test('tells the strongest of each ten seconds when they are over, and nothing of those in which nobody watched', () => {
    const meter = new MotionMeter('yard');
    expect(meter.sample(sample(0, 0))).toBeUndefined();
    expect(meter.sample(sample(9_998, 1_000))).toBeUndefined();
    expect(meter.sample(sample(9_999, 10))).toBeUndefined();
    const first = { camera: 'yard', startWallMs: START, intensity: Uint8Array.of(153, 0, 0, 0, 0, 0) };
    expect(meter.sample(sample(30_000, 100_000))).toEqual(first);
    expect(meter.sample(sample(50_000, 10))?.intensity).toEqual(Uint8Array.of(153, 0, 0, 255, 0, 0));
    expect(meter.sample(sample(60_000, 10))?.intensity).toEqual(Uint8Array.of(153, 0, 0, 255, 0, 54));
    expect(meter.sample(sample(70_000, 10))).toEqual({
      ...first,
      startWallMs: START + 60_000,
      intensity: Uint8Array.of(54, 0, 0, 0, 0, 0),
    });
  });

  test('follows a clock that was set back', () => {
    const meter = new MotionMeter('yard');
    meter.sample(sample(120_000, 10));
    expect(meter.sample(sample(0, 100))).toMatchObject({ startWallMs: START + 120_000 });
    expect(meter.sample(sample(10_000, 100))).toMatchObject({ startWallMs: START });
  });
});
