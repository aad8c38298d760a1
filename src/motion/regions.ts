import type { BitMask } from './bit-mask.ts';
import type { Box } from './detector.ts';

/**
 * The bounding boxes of a mask's outermost regions, those of OpenCV's `findContours(RETR_EXTERNAL)`, in raster order
 * of each region's first pixel. Marked pixels touch along edges and corners, unmarked ones along edges only, and a
 * region that lies in a hole of another one is part of that one.
 */
export function findRegions(mask: BitMask): Box[] {
  const runs = new RunForest();
  runs.addBlankRow(mask.widthPx);
  for (let y = 0; y < mask.heightPx; y++) runs.addRow(mask, y);
  runs.addBlankRow(mask.widthPx);
  return runs.outermostBoxes();
}

/** The run that all of the outside is joined with: the blank row above the picture. */
const OUTSIDE = 0;

/**
 * The rows of a mask as runs of equal pixels, joined where they touch. A row is taken to have one more unmarked pixel
 * at either end, x -1 and `widthPx`, and so begins and ends with an unmarked run: runs alternate, and the unmarked
 * ones at the ends touch those of the next row, which joins the outside all around.
 */
class RunForest {
  /** First pixel of each run; it ends where the next one of its row starts. */
  readonly #starts: number[] = [];
  /** A run above or to the left that each is joined with, or itself: the first one in raster order stands for all. */
  readonly #parents: number[] = [];
  /** The first run of each row, and behind them the number of runs. */
  readonly #rows: number[] = [0];
  #widthPx = 0;

  addBlankRow(widthPx: number): void {
    this.#widthPx = widthPx;
    this.#startRun(-1);
    this.#endRow();
  }

  addRow({ words, wordsPerRow, widthPx }: BitMask, y: number): void {
    this.#startRun(-1);
    let isMarked = 0;
    for (let i = 0; i < wordsPerRow; i++) {
      const word = words[y * wordsPerRow + i] ?? 0;
      // The pixels that differ from the one to their left.
      let changes = word ^ ((word << 1) | isMarked);
      isMarked = word >>> 31;
      for (; changes !== 0; changes &= changes - 1) this.#startRun(32 * i + lowestBit(changes));
    }
    if (isMarked === 1) this.#startRun(widthPx);
    this.#endRow();
  }

  outermostBoxes(): Box[] {
    const extents = new Map<number, Extent>();
    for (let row = 1; row < this.#rows.length - 2; row++) {
      const end = this.#runAt(row + 1);
      for (let run = this.#runAt(row) + 1; run < end; run += 2) {
        const first = this.#find(run);
        // What is left of a region's first pixel surrounds it.
        if (first === run && this.#find(run - 1) === OUTSIDE) extents.set(run, new Extent(row - 1));
        extents.get(first)?.include(this.#start(run), this.#start(run + 1), row - 1);
      }
    }
    return [...extents.values()].map((extent) => extent.box());
  }

  #startRun(x: number): void {
    this.#parents.push(this.#starts.length);
    this.#starts.push(x);
  }

  #endRow(): void {
    this.#rows.push(this.#starts.length);
    if (this.#rows.length > 2) this.#joinLastRows();
  }

  /** Walks along the last row and the one above it together, from one run's end to the next. */
  #joinLastRows(): void {
    const middle = this.#runAt(this.#rows.length - 2);
    const end = this.#runAt(this.#rows.length - 1);
    let upper = this.#runAt(this.#rows.length - 3);
    let lower = middle;
    let isSame = true;
    for (;;) {
      if (isSame) this.#join(upper, lower);
      const upperEnd = this.#endOf(upper, middle);
      const lowerEnd = this.#endOf(lower, end);
      if (upperEnd === lowerEnd && upper + 1 === middle) return;
      if (upperEnd === lowerEnd) {
        // Four runs meet at a corner, where the two marked ones touch and the others do not.
        if (!isSame) this.#joinCorner(upper, lower, middle);
      }
      if (upperEnd <= lowerEnd) upper++;
      if (lowerEnd <= upperEnd) lower++;
      if (upperEnd !== lowerEnd) isSame = !isSame;
    }
  }
}
