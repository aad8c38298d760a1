import type { BitMask } from './bit-mask.ts';
import type { Box } from './detector.ts';

/**
 * The bounding boxes of a mask's outermost regions, those of OpenCV's `findContours(RETR_EXTERNAL)`, in raster order
 * of each region's first pixel. Marked pixels touch along edges and corners, unmarked ones along edges only, and a
 * region that lies in a hole of another one is part of that one.
 */
export function findRegions(mask: BitMask): Box[] {
  const stretches = new JoinedStretches();
  const blankRow = [-1, mask.widthPx + 1];
  stretches.addRow(blankRow);
  for (let y = 0; y < mask.heightPx; y++) stretches.addRow(bordersOfRow(mask, y));
  stretches.addRow(blankRow);
  return stretches.outermostBoxes();
}

/**
 * Where the stretches of equal pixels of a row begin, and where the last one ends. The row is taken to have one more
 * unmarked pixel at either end, x -1 and x `widthPx`: so it begins and ends with an unmarked stretch.
 */
function bordersOfRow({ words, wordsPerRow, widthPx }: BitMask, y: number): number[] {
  const borders = [-1];
  let lastPixel = 0;
  for (let i = 0; i < wordsPerRow; i++) {
    const word = words[y * wordsPerRow + i] ?? 0;
    // The pixels that are not like the one to their left, from left to right.
    let changes = word ^ ((word << 1) | lastPixel);
    for (; changes !== 0; changes &= changes - 1) borders.push(32 * i + lowestBit(changes));
    lastPixel = word >>> 31;
  }
  if (lastPixel === 1) borders.push(widthPx);
  borders.push(widthPx + 1);
  return borders;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** The stretch that everything outside is joined with: the only one of the blank row above the picture. */
const OUTSIDE = 0;

/** The stretches of all rows in raster order, those joined that touch (union by the first, with path halving). */
class JoinedStretches {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** An earlier stretch of the same region, or the stretch itself if it is the region's first. */
  readonly #parents: number[] = [];
  /** The first stretch of each row. Unmarked and marked stretches alternate within it. */
  readonly #rows: number[] = [];

  addRow(borders: readonly number[]): void {
    const upper = this.#rows.at(-1);
    const lower = this.#starts.length;
    this.#rows.push(lower);
    for (let i = 1; i < borders.length; i++) {
      this.#parents.push(this.#starts.length);
      this.#starts.push(borders[i - 1] ?? 0);
      this.#ends.push(borders[i] ?? 0);
    }
    if (upper === undefined) return;
    this.#joinRows(upper, lower, 0);
    this.#joinRows(upper + 1, lower + 1, 1);
  }

  outermostBoxes(): Box[] {
    const extents = new Map<number, Extent>();
    for (let row = 1; row < this.#rows.length - 1; row++) {
      const end = this.#rows[row + 1] ?? 0;
      for (let stretch = (this.#rows[row] ?? 0) + 1; stretch < end; stretch += 2) {
        const first = this.#firstOf(stretch);
        // What lies left of a region's first pixel is what surrounds it.
        if (first === stretch && this.#firstOf(stretch - 1) === OUTSIDE)
          extents.set(stretch, new Extent(row - 1));
        extents.get(first)?.include(this.#starts[stretch] ?? 0, this.#ends[stretch] ?? 0, row - 1);
      }
    }
    return Array.from(extents.values(), (extent) => extent.box);
  }

  /**
   * Joins every second stretch of a row, from `upper` on, with those of the next and last row, from `lower` on, that are
   * less than `reach` columns away: 0 asks for a common edge, 1 for a common corner.
   */
  #joinRows(upper: number, lower: number, reach: 0 | 1): void {
    const [starts, ends] = [this.#starts, this.#ends];
    const upperEnd = this.#rows.at(-1) ?? 0;
    while (upper < upperEnd && lower < starts.length) {
      const [upperRight, lowerRight] = [ends[upper] ?? 0, ends[lower] ?? 0];
      const isBefore = upperRight + reach <= (starts[lower] ?? 0);
      const isBehind = lowerRight + reach <= (starts[upper] ?? 0);
      if (!isBefore && !isBehind) this.#join(upper, lower);
      if (upperRight < lowerRight) upper += 2;
      else lower += 2;
    }
  }

  #join(a: number, b: number): void {
    const [first, second] = [this.#firstOf(a), this.#firstOf(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  #firstOf(stretch: number): number {
    const parents = this.#parents;
    for (let parent = parents[stretch] ?? 0; parent !== stretch; parent = parents[stretch] ?? 0) {
      stretch = parents[stretch] = parents[parent] ?? 0;
    }
    return stretch;
  }
}

/** The bounding box of the stretches included so far, from the row `top` down. */
class Extent {
  readonly #top: number;
  #left = Number.POSITIVE_INFINITY;
  #right = 0;
  #bottom = 0;

  constructor(top: number) {
    this.#top = top;
  }

  include(left: number, right: number, y: number): void {
    this.#left = Math.min(this.#left, left);
    this.#right = Math.max(this.#right, right);
    this.#bottom = y + 1;
  }

  get box(): Box {
    return {
      x: this.#left,
      y: this.#top,
      width: this.#right - this.#left,
      height: this.#bottom - this.#top,
    };
  }
}
