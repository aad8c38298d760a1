/**
 * Marks where two planes differ by more than `threshold` (OpenCV's `absdiff`, then `threshold` BINARY).
 *
 * A mask holds one byte a pixel, 1 where something changed and 0 elsewhere, row-major without padding.
 * `current`, `previous` and `mask` have the same length.
 */
export function markDifference(
  current: Uint8Array,
  previous: Uint8Array,
  threshold: number,
  mask: Uint8Array,
): void {
  for (let i = 0; i < mask.length; i++) {
    mask[i] = Math.abs((current[i] ?? 0) - (previous[i] ?? 0)) > threshold ? 1 : 0;
  }
}

/** The number of marked pixels. */
export function countMarked(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i] ?? 0;
  return count;
}
