import type { LumaPlane } from './detector.ts';
import { gaussianTaps } from './gaussian-taps.ts';

/**
 * Gaussian blur of pictures of one size, equal to OpenCV 4.6's 8-bit `GaussianBlur(sizePx, sigma 0)` to the bit:
 * taps in 1/256, both passes in full precision, one rounding at the end, border reflected without its edge pixel
 * (BORDER_REFLECT_101).
 */
export class GaussianBlur {
  readonly #widthPx: number;
  readonly #heightPx: number;
  readonly #radius: number;
  readonly #taps: Uint16Array;
  /** One vertically blurred row (8.8 fixed point), `radius` reflected columns on either side. */
  readonly #row: Uint16Array;
  /** One row blurred both ways (8.16 fixed point). */
  readonly #sums: Uint32Array;

  constructor(widthPx: number, heightPx: number, sizePx: number) {
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    this.#taps = gaussianTaps(sizePx);
    this.#radius = this.#taps.length - 1;
    this.#row = new Uint16Array(widthPx + 2 * this.#radius);
    this.#sums = new Uint32Array(widthPx);
  }

  /** Blurs `source` into `target`, rows of the picture's width without padding. They must not overlap. */
  blur(source: LumaPlane, target: Uint8Array): void {
    for (let y = 0; y < this.#heightPx; y++) {
      this.#blurDown(source, y);
      this.#reflectRow();
      this.#blurAcross();
      const sums = this.#sums;
      const start = y * this.#widthPx;
      for (let x = 0; x < sums.length; x++) target[start + x] = ((sums[x] ?? 0) + 0x8000) >>> 16;
    }
  }

  #blurDown(source: LumaPlane, y: number): void {
    const radius = this.#radius;
    const row = this.#row.subarray(radius, radius + this.#widthPx);
    const centre = this.#sourceRow(source, y);
    const centreTap = this.#taps[radius] ?? 0;
    for (let x = 0; x < row.length; x++) row[x] = centreTap * (centre[x] ?? 0);
    for (let i = 0; i < radius; i++) {
      const tap = this.#taps[i] ?? 0;
      if (tap === 0) continue;
      const above = this.#sourceRow(source, y - (radius - i));
      const below = this.#sourceRow(source, y + (radius - i));
      for (let x = 0; x < row.length; x++) row[x] = (row[x] ?? 0) + tap * ((above[x] ?? 0) + (below[x] ?? 0));
    }
  }

  #sourceRow(source: LumaPlane, y: number): Uint8Array {
    const start = reflect101(y, this.#heightPx) * source.stride;
    return source.data.subarray(start, start + this.#widthPx);
  }

  #reflectRow(): void {
    const radius = this.#radius;
    const row = this.#row;
    for (let i = 1; i <= radius; i++) {
      row[radius - i] = row[radius + reflect101(-i, this.#widthPx)] ?? 0;
      const right = this.#widthPx - 1 + i;
      row[radius + right] = row[radius + reflect101(right, this.#widthPx)] ?? 0;
    }
  }

  #blurAcross(): void {
    const radius = this.#radius;
    const row = this.#row;
    const sums = this.#sums;
    const centreTap = this.#taps[radius] ?? 0;
    for (let x = 0; x < sums.length; x++) sums[x] = centreTap * (row[x + radius] ?? 0);
    for (let i = 0; i < radius; i++) {
      const tap = this.#taps[i] ?? 0;
      if (tap === 0) continue;
      const right = 2 * radius - i;
      for (let x = 0; x < sums.length; x++) {
        sums[x] = (sums[x] ?? 0) + tap * ((row[x + i] ?? 0) + (row[x + right] ?? 0));
      }
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
