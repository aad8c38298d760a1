import { describe, expect, it } from 'vitest';
import { NO_OFFSET, OFFSETS } from './rules.ts';
import { lightDrift } from './light-drift.ts';

function offsetsOf(...offsets: readonly number[]): Int32Array {
  const counts = new Int32Array(OFFSETS);
  for (const offset of offsets) counts[NO_OFFSET + offset] = (counts[NO_OFFSET + offset] ?? 0) + 1;
  return counts;
}

describe('lightDrift', () => {
  it('is the median of the offsets', () => {
    expect(lightDrift(offsetsOf(9, 10, 12, 14, -90))).toBe(10);
    expect(lightDrift(offsetsOf(-12, -12, -13, -14, 1))).toBe(-12);
  });

  it('leaves small changes to the modes', () => {
    expect(lightDrift(offsetsOf(1, 1, 1))).toBe(0);
    expect(lightDrift(offsetsOf(-1, -2, 0))).toBe(0);
  });

  it('is none when light is switched', () => {
    expect(lightDrift(offsetsOf(30, 30, 30))).toBe(0);
  });

  it('does not take something large in front of the camera for light', () => {
    expect(lightDrift(offsetsOf(0, 0, 0, 0, 12, 80, 100, 120, 140))).toBe(0);
  });

  it('is none when no pixel is watched', () => {
    expect(lightDrift(offsetsOf())).toBe(0);
  });
});
