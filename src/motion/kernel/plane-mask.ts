import { BitMask } from '../bit-mask.ts';
import type { Contour } from '../contours.ts';
import type { MeasuredMask } from '../decision.ts';
import type { Box } from '../detector.ts';
import type { ScaledSize } from '../scale-area.ts';
import type { Address, FoundRegion, Kernel } from './kernel.ts';

const BOXES_AT_ONCE = 64;
/** Four numbers of 32 bits, see border.as.ts. */
const BOX_BYTES = 16;

/** The mask of a camera's planes in the kernel, which outlive it. Dispose of it. */
export class PlaneMask implements MeasuredMask, Disposable {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly #kernel: Kernel;
  readonly #planes: Address;
  /** What others marked outside of the kernel, copied into it when first needed. */
  readonly #copies = new Map<BitMask, Address>();

  constructor(kernel: Kernel, planes: Address, { widthPx, heightPx }: ScaledSize) {
    this.#kernel = kernel;
    this.#planes = planes;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
  }

  count(): number {
    return this.#kernel.run.countMarked(this.#planes);
  }

  /** `mask` must not change as long as this is used. @throws KernelError `out-of-memory` */
  countWithin(mask: BitMask): number {
    return this.#kernel.run.countWithin(this.#planes, this.#copyOf(mask));
  }

  boxes(): readonly Box[] {
    const boxes: Box[] = [];
    this.#kernel.run.findRegions(this.#planes);
    let found: number;
    do {
      const address = this.#kernel.scratch(BOXES_AT_ONCE * BOX_BYTES);
      found = this.#kernel.run.nextBoxes(this.#planes, address, BOXES_AT_ONCE);
      const { buffer, byteOffset } = this.#kernel.bytes(address, found * BOX_BYTES);
      const numbers = new Int32Array(buffer, byteOffset, 4 * found);
      for (let i = 0; i < numbers.length; i += 4) {
        const [x = 0, y = 0, width = 0, height = 0] = numbers.subarray(i, i + 4);
        boxes.push({ x, y, width, height });
      }
    } while (found === BOXES_AT_ONCE);
    return boxes;
  }

  largestBoxPx(): number {
    return this.#kernel.run.largestBox(this.#planes);
  }

  contourAreaPx(): number {
    return this.#kernel.run.doubleContourArea(this.#planes) / 2;
  }

  /** As `findContours`. */
  contours(): readonly Contour[] {
    return Array.from(this.#regions(), (region) => ({
      box: boxOf(region),
      areaPx: region.doubleAreaPx / 2,
      points: this.#pointsOf(region),
    }));
  }

  /** Whatever is marked beyond `watched` is cleared from now on. @throws KernelError `out-of-memory` */
  watch(watched: BitMask): void {
    this.#kernel.run.watch(this.#planes, this.#copyOf(watched));
  }

  read(): BitMask {
    const mask = new BitMask(this.widthPx, this.heightPx);
    const { words, wordsPerRow } = mask;
    const { buffer, byteOffset } = this.#planeRow(this.#kernel.run.maskOf(this.#planes), mask, 0);
    const planeWordsPerRow = this.#kernel.run.bitStrideOf(this.#planes) / 4;
    const plane = new Int32Array(buffer, byteOffset, planeWordsPerRow * this.heightPx);
    for (let y = 0; y < this.heightPx; y++) {
      for (let i = 0; i < wordsPerRow; i++) words[y * wordsPerRow + i] = plane[y * planeWordsPerRow + i] ?? 0;
    }
    return mask;
  }

  write(mask: BitMask): void {
    this.#write(mask, this.#kernel.run.maskOf(this.#planes));
  }

  [Symbol.dispose](): void {
    for (const plane of this.#copies.values()) this.#kernel.run.freeBitPlane(this.#planes, plane);
    this.#copies.clear();
  }

  #copyOf(mask: BitMask): Address {
    let plane = this.#copies.get(mask);
    if (plane === undefined) {
      plane = this.#kernel.allocate(() => this.#kernel.run.newBitPlane(this.#planes));
      this.#copies.set(mask, plane);
      this.#write(mask, plane);
    }
    return plane;
  }

  #write(mask: BitMask, plane: Address): void {
    for (let y = 0; y < mask.heightPx; y++) this.#planeRow(plane, mask, y).set(rowOf(mask, y));
  }

  #planeRow(plane: Address, { wordsPerRow }: BitMask, y: number): Uint8Array {
    return this.#kernel.bytes(plane + y * this.#kernel.run.bitStrideOf(this.#planes), 4 * wordsPerRow);
  }

  *#regions(): Generator<FoundRegion> {
    this.#kernel.run.findRegions(this.#planes);
    while (this.#kernel.run.nextRegion(this.#planes) !== 0) yield this.#kernel.region;
  }

  #pointsOf({ points }: FoundRegion): Uint16Array {
    const address = this.#kernel.scratch(4 * points);
    this.#kernel.run.writePoints(this.#planes, address);
    return new Uint16Array(this.#kernel.bytes(address, 4 * points).slice().buffer);
  }
}

function boxOf({ left, top, right, bottom }: FoundRegion): Box {
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function rowOf({ words, wordsPerRow }: BitMask, y: number): Uint8Array {
  return new Uint8Array(words.buffer, 4 * wordsPerRow * y, 4 * wordsPerRow);
}
