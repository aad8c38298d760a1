import type { BitMask } from './bit-mask.ts';
import type { Box } from './detector.ts';

/** The outer border of a region of changed pixels (OpenCV's `findContours` with RETR_EXTERNAL, CHAIN_APPROX_SIMPLE). */
export interface Contour {
  readonly box: Box;
  /** Of the polygon through the centres of the border's pixels (OpenCV's `contourArea`), in halves of a pixel. */
  readonly areaPx: number;
  /**
   * The pixels in which the border turns, x and y in turn, counter-clockwise as the picture is seen, from the region's
   * first pixel in raster order on. Where the region is one pixel thin the border passes it on both sides.
   */
  readonly points: Uint16Array;
}

/** Steps to the neighbours, counter-clockwise as pictures lie from 0, to the right: 2 is up. */
const STEPS_X = [1, 1, 0, -1, -1, -1, 0, 1];
const STEPS_Y = [0, -1, -1, -1, 0, 1, 1, 1];
/** The direction from a region's first pixel to what lies left of it. */
const LEFT = 4;

/**
 * The borders of a mask's outermost regions, in raster order of each region's first pixel, by border following (Suzuki
 * and Abe 1985). Marked pixels touch along edges and corners, unmarked ones along edges only, and a region that lies in
 * a hole of another one is part of that one.
 */
export function findContours(mask: BitMask): Contour[] {
  const search = new BorderSearch(mask);
  const contours: Contour[] = [];
  for (let y = 0; y < mask.heightPx; y++) search.followBordersFrom(y, contours);
  return contours;
}

const NOT_PASSED = 0;
const PASSED = 1;
/** Passed with nothing marked to the right: what follows in the row is outside of the border. */
const RIGHT_EDGE = 2;

class BorderSearch {
  readonly #mask: BitMask;
  /** How borders passed each pixel, row-major. */
  readonly #passes: Uint8Array;

  constructor(mask: BitMask) {
    this.#mask = mask;
    this.#passes = new Uint8Array(mask.widthPx * mask.heightPx);
  }

  /** Follows the borders whose first pixel lies in row `y`. */
  followBordersFrom(y: number, contours: Contour[]): void {
    const { words, wordsPerRow, widthPx } = this.#mask;
    // What was passed last in this row: only outside of all borders, or behind a right edge, can a region begin.
    let lastPass = RIGHT_EDGE;
    let left = 0;
    for (let i = 0; i < wordsPerRow; i++) {
      const word = words[y * wordsPerRow + i] ?? 0;
      const starts = word & ~((word << 1) | left);
      left = word >>> 31;
      if (word === 0) continue;
      for (let x = 32 * i; x < Math.min(widthPx, 32 * (i + 1)); x++) {
        const isStart = ((starts >>> (x & 31)) & 1) === 1;
        if (isStart && lastPass === RIGHT_EDGE && this.#passes[y * widthPx + x] === NOT_PASSED) {
          contours.push(this.#follow(x, y));
        }
        lastPass = this.#passes[y * widthPx + x] || lastPass;
      }
    }
  }

  #follow(startX: number, startY: number): Contour {
    const last = this.#lastDirection(startX, startY);
    const [lastX, lastY] = [startX + (STEPS_X[last] ?? 0), startY + (STEPS_Y[last] ?? 0)];
    const border = new Border();
    let [x, y] = [startX, startY];
    let behind = last;
    let isLast: boolean;
    do {
      const leave = this.#nextDirection(x, y, behind);
      this.#pass(x, y, behind, leave);
      border.add(x, y, leave !== (behind ^ 4));
      const wasLast = x === lastX && y === lastY;
      x += STEPS_X[leave] ?? 0;
      y += STEPS_Y[leave] ?? 0;
      behind = leave ^ 4;
      isLast = last === LEFT || (wasLast && x === startX && y === startY);
    } while (!isLast);
    return border.contour();
  }

  /** From a region's first pixel to the last one before the border comes back; LEFT if it has no neighbour. */
  #lastDirection(x: number, y: number): number {
    let direction = LEFT;
    do direction = (direction + 7) & 7;
    while (direction !== LEFT && !this.#isMarked(x, y, direction));
    return direction;
  }

  /** To the first marked neighbour counter-clockwise from the one behind. */
  #nextDirection(x: number, y: number, behind: number): number {
    let direction = behind;
    do direction = (direction + 1) & 7;
    while (direction !== behind && !this.#isMarked(x, y, direction));
    return direction;
  }

  /** A right edge is where turning from `behind` to `leave` swept over what lies to the right. */
  #pass(x: number, y: number, behind: number, leave: number): void {
    const index = y * this.#mask.widthPx + x;
    if (leave <= behind && leave !== 0) this.#passes[index] = RIGHT_EDGE;
    else this.#passes[index] ||= PASSED;
  }

  #isMarked(fromX: number, fromY: number, direction: number): boolean {
    const { words, wordsPerRow, widthPx, heightPx } = this.#mask;
    const x = fromX + (STEPS_X[direction] ?? 0);
    const y = fromY + (STEPS_Y[direction] ?? 0);
    if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) return false;
    return (((words[y * wordsPerRow + (x >>> 5)] ?? 0) >>> (x & 31)) & 1) === 1;
  }
}

/** What is known of a border from the pixels passed so far. */
class Border {
  readonly #points: number[] = [];
  #left = Number.POSITIVE_INFINITY;
  #top = Number.POSITIVE_INFINITY;
  #right = 0;
  #bottom = 0;

  add(x: number, y: number, isTurn: boolean): void {
    this.#left = Math.min(this.#left, x);
    this.#top = Math.min(this.#top, y);
    this.#right = Math.max(this.#right, x);
    this.#bottom = Math.max(this.#bottom, y);
    if (isTurn) this.#points.push(x, y);
  }

  contour(): Contour {
    const [x, y] = [this.#left, this.#top];
    return {
      box: { x, y, width: this.#right - x + 1, height: this.#bottom - y + 1 },
      areaPx: polygonArea(this.#points),
      points: Uint16Array.from(this.#points),
    };
  }
}

function polygonArea(points: readonly number[]): number {
  let doubleArea = 0;
  let [fromX, fromY] = points.slice(-2) as [number, number];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0];
    doubleArea += fromX * y - fromY * x;
    [fromX, fromY] = [x, y];
  }
  return Math.abs(doubleArea) / 2;
}
