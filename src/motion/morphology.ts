import type { BitMask } from './bit-mask.ts';

/**
 * Grows the marked area of `mask`, in place: equal to OpenCV's `dilate` with the 3x3 rectangle, `iterations` times,
 * which is once the square of side `2 * iterations + 1`. What lies outside the picture never counts.
 */
export function dilate(mask: BitMask, iterations: number): void {
  // Twice as far with every step: what a spread of `reached` plus one joins has no gaps.
  for (let reached = 0; reached < iterations;) {
    const step = Math.min(reached + 1, iterations - reached, 31);
    spreadAcross(mask, step);
    spreadDown(mask, step);
    reached += step;
  }
  mask.clearBeyondWidth();
}

/** Shrinks the marked area of `mask`, in place: OpenCV's `erode`, as `dilate`. Nothing erodes from outside. */
export function erode(mask: BitMask, iterations: number): void {
  mask.invert();
  dilate(mask, iterations);
  mask.invert();
}

/** Marks the pixels `step` columns, 1..31, to the left and to the right of every marked one as well. */
function spreadAcross({ words, wordsPerRow }: BitMask, step: number): void {
  const carry = 32 - step;
  for (let start = 0; start < words.length; start += wordsPerRow) {
    let left = 0;
    let word = words[start] ?? 0;
    for (let i = start; i < start + wordsPerRow; i++) {
      const right = i + 1 < start + wordsPerRow ? (words[i + 1] ?? 0) : 0;
      words[i] = word | (word << step) | (left >>> carry) | (word >>> step) | (right << carry);
      left = word;
      word = right;
    }
  }
}

/** Marks the pixels `step` rows above and below every marked one as well. */
function spreadDown({ words, wordsPerRow }: BitMask, step: number): void {
  const distance = step * wordsPerRow;
  for (let i = distance; i < words.length; i++) {
    words[i - distance] = (words[i - distance] ?? 0) | (words[i] ?? 0);
  }
  for (let i = words.length - 1; i >= distance; i--) {
    words[i] = (words[i] ?? 0) | (words[i - distance] ?? 0);
  }
}
