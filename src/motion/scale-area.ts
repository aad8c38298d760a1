import type { LumaPlane } from './detector.ts';

/** How much of which source pixels makes up each target pixel along one axis. */
interface Shares {
  /** The shares of target pixel `i` are those from `starts[i]` up to `starts[i + 1]`. */
  readonly starts: Uint32Array;
  readonly source: Uint16Array;
  readonly weight: Float32Array;
}

export interface ScaledSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * The size at which a picture is analysed: `analysedWidthPx` wide with the aspect kept, the height rounded down, at
 * least 1. A picture that is not wider is analysed as it is.
 */
export function scaledSize(widthPx: number, heightPx: number, analysedWidthPx: number): ScaledSize {
  if (widthPx <= analysedWidthPx) return { widthPx, heightPx };
  return {
    widthPx: analysedWidthPx,
    heightPx: Math.max(1, Math.trunc(heightPx * (analysedWidthPx / widthPx))),
  };
}

/**
 * Shrinks pictures of one size to another by averaging areas, equal to OpenCV 4.6's `resize(INTER_AREA)` on 8 bits
 * to the bit: single-precision sums in its order, rounding half to even, and its short cut for integer ratios.
 * The target is not larger than the source in either direction, and both have at most 65,535 rows and columns.
 */
export class AreaScaler {
  readonly #target: ScaledSize;
  readonly #ratioX: number;
  readonly #ratioY: number;
  readonly #across: Shares;
  readonly #down: Shares;
  /** One source row, shrunk across. */
  readonly #row: Float32Array;
  /** The target row being summed. */
  readonly #sums: Float32Array;

  constructor(source: ScaledSize, target: ScaledSize) {
    this.#target = target;
    // The reciprocal of the reciprocal is OpenCV's, and not always the ratio itself.
    this.#ratioX = 1 / (target.widthPx / source.widthPx);
    this.#ratioY = 1 / (target.heightPx / source.heightPx);
    this.#across = areaShares(source.widthPx, target.widthPx, this.#ratioX);
    this.#down = areaShares(source.heightPx, target.heightPx, this.#ratioY);
    this.#row = new Float32Array(target.widthPx);
    this.#sums = new Float32Array(target.widthPx);
  }

  /** Shrinks `source` into `target`, rows of the target's width without padding. */
  scale(source: LumaPlane, target: Uint8Array): void {
    if (isWhole(this.#ratioX) && isWhole(this.#ratioY)) this.#averageBlocks(source, target);
    else this.#averageAreas(source, target);
  }

  #averageAreas(source: LumaPlane, target: Uint8Array): void {
    const { starts, source: from, weight } = this.#down;
    let shrunkRow = -1;
    for (let y = 0; y < this.#target.heightPx; y++) {
      this.#sums.fill(0);
      for (let i = starts[y] ?? 0; i < (starts[y + 1] ?? 0); i++) {
        const sourceRow = from[i] ?? 0;
        // The last share of a row and the first of the next often come from the same source row.
        if (sourceRow !== shrunkRow) this.#shrinkRow(source, sourceRow);
        shrunkRow = sourceRow;
        this.#addRow(weight[i] ?? 0);
      }
      this.#storeSums(target, y);
    }
  }

  #shrinkRow({ data, stride }: LumaPlane, y: number): void {
    const { starts, source: from, weight } = this.#across;
    const row = this.#row;
    const start = y * stride;
    for (let x = 0; x < row.length; x++) {
      const end = starts[x + 1] ?? 0;
      let sum = 0;
      for (let i = starts[x] ?? 0; i < end; i++) {
        sum = Math.fround(sum + Math.fround((data[start + (from[i] ?? 0)] ?? 0) * (weight[i] ?? 0)));
      }
      row[x] = sum;
    }
  }

  #addRow(weight: number): void {
    const row = this.#row;
    const sums = this.#sums;
    for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] ?? 0) + Math.fround((row[x] ?? 0) * weight);
  }

  #storeSums(target: Uint8Array, y: number): void {
    const sums = this.#sums;
    const start = y * sums.length;
    for (let x = 0; x < sums.length; x++) target[start + x] = roundHalfEven(sums[x] ?? 0);
  }

  #averageBlocks(source: LumaPlane, target: Uint8Array): void {
    const columns = Math.round(this.#ratioX);
    const rows = Math.round(this.#ratioY);
    const isTwoByTwo = columns === 2 && rows === 2;
    const share = Math.fround(1 / (columns * rows));
    for (let y = 0; y < this.#target.heightPx; y++) {
      for (let x = 0; x < this.#target.widthPx; x++) {
        const sum = blockSum(source, x * columns, y * rows, columns, rows);
        // OpenCV rounds the halves of 2x2 up and all others to even.
        const mean = isTwoByTwo ? (sum + 2) >> 2 : roundHalfEven(Math.fround(sum * share));
        target[y * this.#target.widthPx + x] = mean;
      }
    }
  }
}

/** OpenCV's `computeResizeAreaTab`: parts of less than a thousandth of a pixel do not count. */
function areaShares(sourceLength: number, targetLength: number, ratio: number): Shares {
  const starts: number[] = [];
  const source: number[] = [];
  const weight: number[] = [];
  const add = (from: number, share: number) => {
    source.push(from);
    weight.push(share);
  };
  for (let i = 0; i < targetLength; i++) {
    starts.push(source.length);
    const start = i * ratio;
    const end = start + ratio;
    const length = Math.min(ratio, sourceLength - start);
    const lastWhole = Math.min(Math.floor(end), sourceLength - 1);
    const firstWhole = Math.min(Math.ceil(start), lastWhole);
    if (firstWhole - start > 1e-3) add(firstWhole - 1, (firstWhole - start) / length);
    for (let from = firstWhole; from < lastWhole; from++) add(from, 1 / length);
    if (end - lastWhole > 1e-3) add(lastWhole, Math.min(end - lastWhole, 1, length) / length);
  }
  starts.push(source.length);
  return {
    starts: Uint32Array.from(starts),
    source: Uint16Array.from(source),
    weight: Float32Array.from(weight),
  };
}

function blockSum(source: LumaPlane, left: number, top: number, columns: number, rows: number): number {
  let sum = 0;
  for (let y = top; y < top + rows; y++) {
    for (let x = left; x < left + columns; x++) sum += source.data[y * source.stride + x] ?? 0;
  }
  return sum;
}

function isWhole(ratio: number): boolean {
  return Math.abs(ratio - Math.round(ratio)) < Number.EPSILON;
}

/** Of a float in 0..255.5; adding a half to it is exact in a double. */
function roundHalfEven(value: number): number {
  const rounded = Math.floor(value + 0.5);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
