import { LEAST_TOLERANCE, NO_OFFSET } from './rules.ts';

/** Less than this from a picture to the next the modes follow by themselves. */
const LEAST_DRIFT = 2;
/** More is no drift: a light was switched, and the scene looks another. */
const GREATEST_DRIFT = 12;

/**
 * By how much the light of the whole scene changed: the median of the offsets, if with it more pixels are near their
 * first mode than without, for something large in front of the camera is no light.
 * @param offsets see `Background.offsets`.
 * @returns the change of brightness, 0 for none.
 */
export function lightDrift(offsets: Int32Array): number {
  const drift = medianIndex(offsets) - NO_OFFSET;
  if (Math.abs(drift) < LEAST_DRIFT || Math.abs(drift) > GREATEST_DRIFT) return 0;
  return countNear(offsets, drift) > countNear(offsets, 0) ? drift : 0;
}

function medianIndex(counts: Int32Array): number {
  const total = sum(counts, 0, counts.length);
  let [below, index] = [counts[0] ?? 0, 0];
  while (2 * below < total) below += counts[++index] ?? 0;
  return total === 0 ? NO_OFFSET : index;
}

function countNear(offsets: Int32Array, offset: number): number {
  return sum(offsets, NO_OFFSET + offset - LEAST_TOLERANCE, NO_OFFSET + offset + LEAST_TOLERANCE + 1);
}

function sum(counts: Int32Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += counts[i] ?? 0;
  return total;
}
