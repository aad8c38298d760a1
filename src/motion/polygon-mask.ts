import type { Polygon } from './areas.ts';
import { BitMask } from './bit-mask.ts';

/** A corner in pixels, whole numbers being the centres of pixels. */
interface PixelCorner {
  readonly x: number;
  readonly y: number;
}

/**
 * The pixels whose centres lie inside of `polygon`, by the even-odd rule (that of OpenCV's `fillPoly`): what a
 * self-crossing polygon goes around twice is outside. A centre exactly on a left or upper edge is inside, on a right
 * or lower one outside, so that polygons with an edge in common leave no gap there and never share a pixel, and the
 * corners 0 and 1 are those of the whole picture. A polygon without an area has no pixels.
 */
export function polygonMask(polygon: Polygon, widthPx: number, heightPx: number): BitMask {
  const mask = new BitMask(widthPx, heightPx);
  const corners = polygon.map(({ x, y }) => ({ x: x * widthPx - 0.5, y: y * heightPx - 0.5 }));
  for (const [i, corner] of corners.entries()) flipRightOfEdge(mask, corner, corners.at(i - 1) ?? corner);
  mask.clearBeyondWidth();
  return mask;
}

/** Flips all pixels to the right of an edge: those that lie inside are flipped by an odd number of edges. */
function flipRightOfEdge(mask: BitMask, one: PixelCorner, other: PixelCorner): void {
  // Always downwards, whichever polygon it bounds, so that both round alike.
  const [top, bottom] = one.y < other.y ? [one, other] : [other, one];
  const firstRow = Math.max(0, Math.ceil(top.y));
  const endRow = Math.min(mask.heightPx, Math.ceil(bottom.y));
  for (let y = firstRow; y < endRow; y++) {
    const x = top.x + ((y - top.y) * (bottom.x - top.x)) / (bottom.y - top.y);
    flipFrom(mask, y, Math.max(0, Math.ceil(x)));
  }
}

/** Flips the pixels of row `y` from `x` on, which may be beyond its end. */
function flipFrom({ words, wordsPerRow }: BitMask, y: number, x: number): void {
  const end = (y + 1) * wordsPerRow;
  let i = y * wordsPerRow + (x >>> 5);
  if (i >= end) return;
  words[i] = (words[i] ?? 0) ^ (-1 << (x & 31));
  for (i++; i < end; i++) words[i] = ~(words[i] ?? 0);
}
