import type { BitMask } from './bit-mask.ts';

/**
 * Marks where two planes differ by more than `threshold` (OpenCV's `absdiff`, then `threshold` BINARY). The planes
 * are row-major without padding, of the mask's size.
 */
export function markDifference(
  current: Uint8Array,
  previous: Uint8Array,
  threshold: number,
  mask: BitMask,
): void {
  mask.words.fill(-1);
  keepDifference(current, previous, threshold, mask);
}

/** As `markDifference`, but of the mask's words that mark nothing the pixels stay unmarked and are not looked at. */
export function keepDifference(
  current: Uint8Array,
  previous: Uint8Array,
  threshold: number,
  { words, wordsPerRow, widthPx, heightPx }: BitMask,
): void {
  for (let y = 0; y < heightPx; y++) {
    for (let i = 0; i < wordsPerRow; i++) {
      const word = y * wordsPerRow + i;
      if (words[word] === 0) continue;
      const start = y * widthPx + 32 * i;
      const end = y * widthPx + Math.min(widthPx, 32 * (i + 1));
      words[word] = differenceWord(current, previous, threshold, start, end);
    }
  }
}

/** The mask of up to 32 pixels, the first one in the lowest bit. */
function differenceWord(
  current: Uint8Array,
  previous: Uint8Array,
  threshold: number,
  start: number,
  end: number,
): number {
  let word = 0;
  for (let i = start; i < end; i++) {
    const excess = threshold - Math.abs((current[i] ?? 0) - (previous[i] ?? 0));
    // Negative, and so with the highest bit set, where the pixels differ enough.
    word = (word >>> 1) | (excess & 0x80000000);
  }
  return word >>> (32 - (end - start));
}
