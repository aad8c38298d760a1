import type { BitMask } from './bit-mask.ts';
import { findContours, type Contour } from './contours.ts';
import type { MeasuredMask } from './decision.ts';
import type { Box } from './detector.ts';

/** A mask that does not change, and its contours when asked for. */
export class ContouredMask implements MeasuredMask {
  readonly #mask: BitMask;
  #contours: readonly Contour[] | undefined;

  constructor(mask: BitMask) {
    this.#mask = mask;
  }

  get widthPx(): number {
    return this.#mask.widthPx;
  }

  get heightPx(): number {
    return this.#mask.heightPx;
  }

  get contours(): readonly Contour[] {
    this.#contours ??= findContours(this.#mask);
    return this.#contours;
  }

  count(): number {
    return this.#mask.count();
  }

  countWithin(mask: BitMask): number {
    return this.#mask.countWithin(mask);
  }

  boxes(): readonly Box[] {
    return this.contours.map(({ box }) => box);
  }

  largestBoxPx(): number {
    return this.contours.reduce((largest, { box }) => Math.max(largest, box.width * box.height), 0);
  }

  contourAreaPx(): number {
    return this.contours.reduce((sum, { areaPx }) => sum + areaPx, 0);
  }
}
