import type { MotionSample } from '../motion/motion-sample.ts';

/** Somebody watched, and nothing moved. */
export const STILL = 1;
const STRONGEST = 255;
/** The smallest share of the picture that is told from none. */
const LEAST_SHARE = 1e-5;

/**
 * How much moved in a picture, as a byte of the index: 1 nothing, 255 all of it, in between the logarithm of the share
 * of the picture that moved, since a person far away and one at the door differ a hundredfold: 0.01 % is 54, 0.1 % 103,
 * 1 % 154, 10 % 204.
 */
export function motionIntensity({ score, analysedWidthPx, analysedHeightPx }: MotionSample): number {
  const share = Math.min(1, score / (analysedWidthPx * analysedHeightPx));
  if (!(share > 0)) return STILL;
  const decades = Math.log10(1 + share / LEAST_SHARE);
  const most = Math.log10(1 + 1 / LEAST_SHARE);
  return STILL + Math.round(((STRONGEST - STILL) * decades) / most);
}
