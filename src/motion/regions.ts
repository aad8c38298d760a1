import type { Box } from './detector.ts';

/** States of a pixel while regions are being found. */
const MARKED = 1;
const SETTLED = 2;

/**
 * Finds the outermost regions of masks (see `markDifference`) of one size: the bounding boxes of OpenCV's
 * `findContours(RETR_EXTERNAL)`. Marked pixels touch along edges and corners, unmarked ones along edges only, and a
 * region that lies in a hole of another one is part of that one.
 */
export class RegionFinder {
  readonly #widthPx: number;
  readonly #heightPx: number;
  /** The mask with one more pixel on every side, so that the outside is connected and neighbours always exist. */
  readonly #cells: Uint8Array;
  readonly #stride: number;
  /** Cells whose neighbours are still to be looked at; a cell enters at most once. */
  readonly #stack: Int32Array;
  /** From a cell to those that share an edge with it, and to those that share an edge or a corner. */
  readonly #edgeSteps: Int32Array;
  readonly #allSteps: Int32Array;

  constructor(widthPx: number, heightPx: number) {
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    this.#stride = widthPx + 2;
    this.#cells = new Uint8Array(this.#stride * (heightPx + 2));
    this.#stack = new Int32Array(this.#cells.length);
    const down = this.#stride;
    this.#edgeSteps = Int32Array.of(-1, 1, -down, down);
    this.#allSteps = Int32Array.of(-1, 1, -down, down, -down - 1, -down + 1, down - 1, down + 1);
  }

  /** The boxes, in raster order of each region's first pixel. */
  find(mask: Uint8Array): Box[] {
    this.#load(mask);
    this.#settleOutside();
    const boxes: Box[] = [];
    for (let y = 1; y <= this.#heightPx; y++) {
      for (let x = 1; x <= this.#widthPx; x++) {
        const cell = y * this.#stride + x;
        if (this.#cells[cell] !== SETTLED) boxes.push(this.#settleRegion(cell));
      }
    }
    return boxes;
  }

  #load(mask: Uint8Array): void {
    this.#cells.fill(0);
    for (let y = 0; y < this.#heightPx; y++) {
      const row = mask.subarray(y * this.#widthPx, (y + 1) * this.#widthPx);
      this.#cells.set(row, (y + 1) * this.#stride + 1);
    }
  }

  /** Settles all unmarked cells connected with the outside. What then remains are the regions, holes filled. */
  #settleOutside(): void {
    const cells = this.#cells;
    const stack = this.#stack;
    const steps = this.#edgeSteps;
    cells[0] = SETTLED;
    stack[0] = 0;
    for (let height = 1; height > 0;) {
      const cell = stack[--height] ?? 0;
      for (let i = 0; i < steps.length; i++) {
        const next = cell + (steps[i] ?? 0);
        // Off the array reads as undefined, and the rim wraps to the rim, which is outside too.
        const state = cells[next];
        if (state === undefined || state === MARKED || state === SETTLED) continue;
        cells[next] = SETTLED;
        stack[height++] = next;
      }
    }
  }

  #settleRegion(first: number): Box {
    const cells = this.#cells;
    const stack = this.#stack;
    const steps = this.#allSteps;
    let left = this.#stride;
    let right = 0;
    let top = this.#heightPx;
    let bottom = 0;
    cells[first] = SETTLED;
    stack[0] = first;
    for (let height = 1; height > 0;) {
      const cell = stack[--height] ?? 0;
      const y = Math.floor(cell / this.#stride);
      const x = cell - y * this.#stride;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      for (let i = 0; i < steps.length; i++) {
        const next = cell + (steps[i] ?? 0);
        if (cells[next] === SETTLED) continue;
        cells[next] = SETTLED;
        stack[height++] = next;
      }
    }
    return { x: left - 1, y: top - 1, width: right - left + 1, height: bottom - top + 1 };
  }
}
