/**
 * Dilation and erosion of masks (see `markDifference`) of one size by a square, equal to OpenCV's `dilate` and
 * `erode` with the 3x3 rectangle, applied `iterations` times: that is the square of side `2 * iterations + 1`. What
 * lies outside the picture never counts, neither for dilating nor for eroding (OpenCV's default border value).
 */
export class Morphology {
  readonly #widthPx: number;
  readonly #heightPx: number;
  readonly #rows: Uint8Array;
  readonly #columnCounts: Uint32Array;

  constructor(widthPx: number, heightPx: number) {
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    this.#rows = new Uint8Array(widthPx * heightPx);
    this.#columnCounts = new Uint32Array(widthPx);
  }

  /** Grows the marked area of `mask`, in place. */
  dilate(mask: Uint8Array, iterations: number): void {
    this.#spread(mask, iterations, 1);
  }

  /** Shrinks the marked area of `mask`, in place. */
  erode(mask: Uint8Array, iterations: number): void {
    this.#spread(mask, iterations, 0);
  }

  /** Gives every pixel that has `value` within `radius` rows and columns that value: eroding is dilating the zeros. */
  #spread(mask: Uint8Array, radius: number, value: 0 | 1): void {
    if (radius === 0) return;
    for (let y = 0; y < this.#heightPx; y++) this.#spreadAcross(mask, y, radius, value);
    this.#spreadDown(mask, radius, value);
  }

  /** Row `y` of `mask` into `#rows`, where 1 now says that `value` is near. */
  #spreadAcross(mask: Uint8Array, y: number, radius: number, value: 0 | 1): void {
    const width = this.#widthPx;
    const rows = this.#rows;
    const start = y * width;
    let near = 0;
    for (let x = 0; x < Math.min(radius, width); x++) if (mask[start + x] === value) near++;
    for (let x = 0; x < width; x++) {
      if (x + radius < width && mask[start + x + radius] === value) near++;
      if (x > radius && mask[start + x - radius - 1] === value) near--;
      rows[start + x] = near > 0 ? 1 : 0;
    }
  }

  #spreadDown(mask: Uint8Array, radius: number, value: 0 | 1): void {
    const width = this.#widthPx;
    const counts = this.#columnCounts.fill(0);
    const other = value === 1 ? 0 : 1;
    for (let y = 0; y < Math.min(radius, this.#heightPx); y++) this.#addRow(y);
    for (let y = 0; y < this.#heightPx; y++) {
      if (y + radius < this.#heightPx) this.#addRow(y + radius);
      if (y > radius) this.#subtractRow(y - radius - 1);
      const start = y * width;
      for (let x = 0; x < width; x++) mask[start + x] = (counts[x] ?? 0) > 0 ? value : other;
    }
  }

  #addRow(y: number): void {
    const counts = this.#columnCounts;
    const start = y * this.#widthPx;
    for (let x = 0; x < counts.length; x++) counts[x] = (counts[x] ?? 0) + (this.#rows[start + x] ?? 0);
  }

  #subtractRow(y: number): void {
    const counts = this.#columnCounts;
    const start = y * this.#widthPx;
    for (let x = 0; x < counts.length; x++) counts[x] = (counts[x] ?? 0) - (this.#rows[start + x] ?? 0);
  }
}
