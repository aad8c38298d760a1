import type { LumaPlane } from './detector.ts';
import { gaussianTaps } from './gaussian-taps.ts';

/** So many pairs of taps are written out in the hot loops: all of the default blur's, 11. */
const AT_ONCE = 6;

/**
 * Gaussian blur of pictures of one size, equal to OpenCV 4.6's 8-bit `GaussianBlur(sizePx, sigma 0)` to the bit:
 * taps in 1/256, both passes in full precision, one rounding at the end, border reflected without its edge pixel
 * (BORDER_REFLECT_101).
 */
export class GaussianBlur {
  /** How far a pixel spreads to each side. */
  readonly radiusPx: number;
  readonly #widthPx: number;
  readonly #heightPx: number;
  /**
   * The taps in pairs of equal weight, as many pixels before the blurred one as after it. The centre, always even, is
   * its own pair at half the weight; pairs of weight 0 fill up to a multiple of `AT_ONCE`.
   */
  readonly #weights: Int32Array;
  readonly #distances: Int32Array;
  /** Where the rows of each pair start in the picture, for the row being blurred. */
  readonly #above: Int32Array;
  readonly #below: Int32Array;
  /** One vertically blurred row (8.8 fixed point), `radiusPx` reflected columns on either side. */
  readonly #row: Int32Array;
  /** One row blurred both ways (8.16 fixed point). */
  readonly #sums: Int32Array;

  constructor(widthPx: number, heightPx: number, sizePx: number) {
    const taps = gaussianTaps(sizePx);
    const radiusPx = taps.length - 1;
    this.radiusPx = radiusPx;
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    const pairs = AT_ONCE * Math.ceil(taps.length / AT_ONCE);
    this.#weights = new Int32Array(pairs);
    this.#weights.set(taps);
    this.#weights[radiusPx] = (taps[radiusPx] ?? 0) / 2;
    this.#distances = Int32Array.from({ length: pairs }, (_, i) => Math.max(0, radiusPx - i));
    this.#above = new Int32Array(pairs);
    this.#below = new Int32Array(pairs);
    this.#row = new Int32Array(widthPx + 2 * radiusPx);
    this.#sums = new Int32Array(widthPx);
  }

  /** Blurs `source` into `target`, rows of the picture's width without padding. They must not overlap. */
  blur(source: LumaPlane, target: Uint8Array): void {
    for (let y = 0; y < this.#heightPx; y++) this.blurSpan(source, target, y, 0, this.#widthPx);
  }

  /** Blurs only the pixels from `left` up to `right` of row `y`. */
  blurSpan(source: LumaPlane, target: Uint8Array, y: number, left: number, right: number): void {
    this.#findRows(y, source.stride);
    this.#blurDown(
      source.data,
      Math.max(0, left - this.radiusPx),
      Math.min(this.#widthPx, right + this.radiusPx),
    );
    if (left < this.radiusPx) this.#reflectLeft();
    if (right > this.#widthPx - this.radiusPx) this.#reflectRight();
    this.#blurAcross(target, y * this.#widthPx, left, right);
  }

  #findRows(y: number, stride: number): void {
    for (let i = 0; i < this.#distances.length; i++) {
      const distance = this.#distances[i] ?? 0;
      this.#above[i] = reflect101(y - distance, this.#heightPx) * stride;
      this.#below[i] = reflect101(y + distance, this.#heightPx) * stride;
    }
  }

  #blurDown(data: Uint8Array, left: number, right: number): void {
    this.#row.fill(0, left + this.radiusPx, right + this.radiusPx);
    for (let first = 0; first < this.#weights.length; first += AT_ONCE)
      this.#addRows(data, first, left, right);
  }

  #addRows(data: Uint8Array, first: number, left: number, right: number): void {
    const [row, radius] = [this.#row, this.radiusPx];
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0] = this.#weights.subarray(first);
    const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0] = this.#above.subarray(first);
    const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0] = this.#below.subarray(first);
    for (let x = left; x < right; x++) {
      row[radius + x] =
        (row[radius + x] ?? 0) +
        w0 * ((data[a0 + x] ?? 0) + (data[b0 + x] ?? 0)) +
        w1 * ((data[a1 + x] ?? 0) + (data[b1 + x] ?? 0)) +
        w2 * ((data[a2 + x] ?? 0) + (data[b2 + x] ?? 0)) +
        w3 * ((data[a3 + x] ?? 0) + (data[b3 + x] ?? 0)) +
        w4 * ((data[a4 + x] ?? 0) + (data[b4 + x] ?? 0)) +
        w5 * ((data[a5 + x] ?? 0) + (data[b5 + x] ?? 0));
    }
  }

  #reflectLeft(): void {
    const [row, radius] = [this.#row, this.radiusPx];
    for (let x = -radius; x < 0; x++) row[radius + x] = row[radius + reflect101(x, this.#widthPx)] ?? 0;
  }

  #reflectRight(): void {
    const [row, radius, width] = [this.#row, this.radiusPx, this.#widthPx];
    for (let x = width; x < width + radius; x++) row[radius + x] = row[radius + reflect101(x, width)] ?? 0;
  }

  #blurAcross(target: Uint8Array, rowStart: number, left: number, right: number): void {
    const sums = this.#sums;
    sums.fill(0x8000, left, right);
    for (let first = 0; first < this.#weights.length; first += AT_ONCE) this.#addColumns(first, left, right);
    for (let x = left; x < right; x++) target[rowStart + x] = (sums[x] ?? 0) >>> 16;
  }

  #addColumns(first: number, left: number, right: number): void {
    const [sums, row, radius] = [this.#sums, this.#row, this.radiusPx];
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0] = this.#weights.subarray(first);
    const [d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0] = this.#distances.subarray(first);
    for (let x = left; x < right; x++) {
      const centre = radius + x;
      sums[x] =
        (sums[x] ?? 0) +
        w0 * ((row[centre - d0] ?? 0) + (row[centre + d0] ?? 0)) +
        w1 * ((row[centre - d1] ?? 0) + (row[centre + d1] ?? 0)) +
        w2 * ((row[centre - d2] ?? 0) + (row[centre + d2] ?? 0)) +
        w3 * ((row[centre - d3] ?? 0) + (row[centre + d3] ?? 0)) +
        w4 * ((row[centre - d4] ?? 0) + (row[centre + d4] ?? 0)) +
        w5 * ((row[centre - d5] ?? 0) + (row[centre + d5] ?? 0));
    }
  }
}

/** The index inside 0..length-1 that mirrors `index`: -1 is 1, -2 is 2, `length` is `length - 2`, as often as needed. */
export function reflect101(index: number, length: number): number {
  if (length === 1) return 0;
  let inside = index;
  while (inside < 0 || inside >= length) inside = inside < 0 ? -inside : 2 * (length - 1) - inside;
  return inside;
}
