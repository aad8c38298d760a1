import { LEAST_TOLERANCE, NO_OFFSET } from './rules.ts';

/** Less than this the modes follow by themselves. */
const LEAST_DRIFT = 2;

/**
 * By how much the light of the whole scene changed: the median of the offsets, if with it more pixels are near their
 * first mode than without, for something large in front of the camera is no light.
 * @param offsets see `Background.offsets`.
 * @returns the change of brightness, 0 for none.
 */
export function lightDrift(offsets: Int32Array): number {
  const drift = medianIndex(offsets) - NO_OFFSET;
  if (Math.abs(drift) < LEAST_DRIFT) return 0;
  return countNear(offsets, drift) > countNear(offsets, 0) ? drift : 0;
}

function medianIndex(counts: Int32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [below, index] = [counts[0] ?? 0, 0];
  while (2 * below < total) below += counts[++index] ?? 0;
  return total === 0 ? NO_OFFSET : index;
}

function countNear(offsets: Int32Array, offset: number): number {
  const [from, to] = [NO_OFFSET + offset - LEAST_TOLERANCE, NO_OFFSET + offset + LEAST_TOLERANCE + 1];
  return offsets.subarray(Math.max(0, from), to).reduce((sum, count) => sum + count, 0);
}
