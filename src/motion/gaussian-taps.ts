import { checkSetting, MotionSettingError } from './error.ts';

/** Largest blur; a wider one has taps that all round to 0 or 1 at the rim. */
export const MAX_BLUR_SIZE_PX = 63;

/** OpenCV answers small sizes from a table instead of the formula (smooth.dispatch.cpp), here in 1/256. */
const SMALL_TAPS: ReadonlyMap<number, readonly number[]> = new Map([
  [1, [256]],
  [3, [64, 128]],
  [5, [16, 64, 96]],
  [7, [8, 28, 56, 72]],
]);

/**
 * The taps of OpenCV's 8-bit `GaussianBlur(sizePx, sigma 0)` in 1/256, from the rim to the centre: tap `i` belongs
 * to the offsets `±(radius - i)` and the last one to the centre, so twice the others plus the last is 256.
 *
 * OpenCV derives sigma from the size as `0.15 * size + 0.35`, normalises `exp(-x² / 2 sigma²)` and rounds to 8 bits
 * from the rim inwards, carrying the rounding error along; the centre takes what is left.
 *
 * @throws MotionSettingError if `sizePx` is not odd or not in 1..`MAX_BLUR_SIZE_PX`.
 */
export function gaussianTaps(sizePx: number): Uint16Array {
  checkSetting('blurSizePx', sizePx, 1, MAX_BLUR_SIZE_PX);
  if (sizePx % 2 === 0)
    throw new MotionSettingError(`Motion setting blurSizePx must be odd: found ${sizePx}`);
  const small = SMALL_TAPS.get(sizePx);
  return Uint16Array.from(small ?? roundedTaps(sizePx));
}

function roundedTaps(sizePx: number): number[] {
  const radius = (sizePx - 1) / 2;
  const sigma = 0.15 * sizePx + 0.35;
  const weights = Array.from({ length: radius }, (_, i) =>
    Math.exp(-((radius - i) ** 2) / (2 * sigma * sigma)),
  );
  const total = 2 * weights.reduce((sum, weight) => sum + weight, 0) + 1;
  let carried = 0;
  const taps = weights.map((weight) => {
    const exact = (weight / total) * 256 + carried;
    const rounded = Math.round(exact);
    carried = exact - rounded;
    return rounded;
  });
  return [...taps, 256 - 2 * taps.reduce((sum, tap) => sum + tap, 0)];
}
