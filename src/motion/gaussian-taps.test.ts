import { describe, expect, it } from 'vitest';
import { MotionSettingError } from './error.ts';
import { gaussianTaps, MAX_BLUR_SIZE_PX } from './gaussian-taps.ts';

describe('gaussianTaps', () => {
  it('gives the fixed-point taps of OpenCV', () => {
    expect([...gaussianTaps(11)]).toEqual([2, 7, 17, 31, 45, 52]);
    expect([...gaussianTaps(21)]).toEqual([0, 2, 2, 4, 6, 11, 15, 20, 25, 28, 30]);
  });

  it('sums to 256 at every size', () => {
    for (let size = 1; size <= MAX_BLUR_SIZE_PX; size += 2) {
      const taps = [...gaussianTaps(size)];
      const total = 2 * taps.reduce((sum, tap) => sum + tap, 0) - (taps.at(-1) ?? 0);
      expect(total, `size ${size}`).toBe(256);
    }
  });

  it.each([0, -1, 2, 10, 65, 1.5, Number.NaN])('refuses size %s', (size) => {
    expect(() => gaussianTaps(size)).toThrow(MotionSettingError);
  });
});
