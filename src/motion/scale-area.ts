import type { LumaPlane } from './detector.ts';

/**
 * How much of which source pixels makes up each target pixel along one axis: of each as many neighbouring ones,
 * `span`, of which some may weigh 0.
 */
export interface Shares {
  readonly span: number;
  /** The first source pixel of target pixel `i`. */
  readonly first: Int32Array;
  /** The weights of target pixel `i` start at `i * span`: single precision, in doubles to spare conversions. */
  readonly weights: Float64Array;
}

/** So many shares are summed in one go: most target pixels have no more when shrinking to more than half. */
const AT_ONCE = 2;

/** The shares behind the first `AT_ONCE` of all target pixels, in order, without those of weight 0. */
interface FurtherShares {
  readonly target: Int32Array;
  readonly source: Int32Array;
  readonly weight: Float64Array;
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
  readonly #furtherAcross: FurtherShares;
  readonly #down: Shares;
  /** The source rows that make up a target row, shrunk across: row `y` is at `y % span`. In single precision. */
  readonly #rows: readonly Float64Array[];
  /** The target row being summed, in single precision. */
  readonly #sums: Float64Array;

  constructor(source: ScaledSize, target: ScaledSize) {
    this.#target = target;
    // The reciprocal of the reciprocal is OpenCV's, and not always the ratio itself.
    this.#ratioX = 1 / (target.widthPx / source.widthPx);
    this.#ratioY = 1 / (target.heightPx / source.heightPx);
    this.#across = areaShares(source.widthPx, target.widthPx, this.#ratioX);
    this.#furtherAcross = furtherShares(this.#across);
    this.#down = areaShares(source.heightPx, target.heightPx, this.#ratioY);
    this.#rows = Array.from({ length: this.#down.span }, () => new Float64Array(target.widthPx));
    this.#sums = new Float64Array(target.widthPx);
  }

  /** Shrinks `source` into `target`, rows of the target's width without padding. */
  scale(source: LumaPlane, target: Uint8Array): void {
    if (isWhole(this.#ratioX) && isWhole(this.#ratioY)) this.#averageBlocks(source, target);
    else this.#averageAreas(source, target);
  }

  #averageAreas(source: LumaPlane, target: Uint8Array): void {
    const { span, first } = this.#down;
    // Storing to it rounds halves to even, as OpenCV does.
    const clamped = new Uint8ClampedArray(target.buffer, target.byteOffset, target.length);
    let shrunkRows = 0;
    for (let y = 0; y < this.#target.heightPx; y++) {
      const end = Math.min(source.heightPx, (first[y] ?? 0) + span);
      for (; shrunkRows < end; shrunkRows++) this.#shrinkRow(source, shrunkRows);
      this.#sumRows(y);
      clamped.set(this.#sums, y * this.#target.widthPx);
    }
  }

  #shrinkRow({ data, stride }: LumaPlane, y: number): void {
    const row = this.#row(y);
    mixPixels(data, y * stride, this.#across, row);
    addPixels(data, y * stride, this.#furtherAcross, row);
  }

  /** The shrunk rows that make up target row `y` into `#sums`. */
  #sumRows(y: number): void {
    const { span, first, weights } = this.#down;
    const [row, weight] = [first[y] ?? 0, y * span];
    mixRows(this.#row(row), weights[weight] ?? 0, this.#row(row + 1), weights[weight + 1] ?? 0, this.#sums);
    for (let share = AT_ONCE; share < span; share++) {
      const further = weights[weight + share] ?? 0;
      if (further !== 0) addRow(this.#row(row + share), further, this.#sums);
    }
  }

  #row(y: number): Float64Array {
    // There are as many rows as `span`.
    return this.#rows[y % this.#down.span] as Float64Array;
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

/** How many source pixels make up a target pixel: OpenCV's reciprocal of the reciprocal, not always the ratio itself. */
export function areaRatio(sourceLength: number, targetLength: number): number {
  return 1 / (targetLength / sourceLength);
}

/** OpenCV's `computeResizeAreaTab`: parts of less than a thousandth of a pixel do not count. */
export function areaShares(sourceLength: number, targetLength: number, ratio: number): Shares {
  const span = Math.max(AT_ONCE, Math.ceil(ratio) + 1);
  const first = new Int32Array(targetLength);
  const weights = new Float64Array(targetLength * span);
  for (let i = 0; i < targetLength; i++) {
    const start = i * ratio;
    const end = start + ratio;
    const length = Math.min(ratio, sourceLength - start);
    const lastWhole = Math.min(Math.floor(end), sourceLength - 1);
    const firstWhole = Math.min(Math.ceil(start), lastWhole);
    // Not beyond the source, where there is nothing to multiply by 0.
    const from = Math.max(0, Math.min(Math.floor(start), sourceLength - span));
    const add = (pixel: number, share: number) => {
      weights[i * span + pixel - from] = Math.fround(share);
    };
    first[i] = from;
    if (firstWhole - start > 1e-3) add(firstWhole - 1, (firstWhole - start) / length);
    for (let pixel = firstWhole; pixel < lastWhole; pixel++) add(pixel, 1 / length);
    if (end - lastWhole > 1e-3) add(lastWhole, Math.min(end - lastWhole, 1, length) / length);
  }
  return { span, first, weights };
}

function furtherShares({ span, first, weights }: Shares): FurtherShares {
  const shares = Array.from(weights, (weight, i) => {
    const [target, share] = [Math.floor(i / span), i % span];
    return { target, share, source: (first[target] ?? 0) + share, weight };
  }).filter(({ share, weight }) => share >= AT_ONCE && weight !== 0);
  return {
    target: Int32Array.from(shares, ({ target }) => target),
    source: Int32Array.from(shares, ({ source }) => source),
    weight: Float64Array.from(shares, ({ weight }) => weight),
  };
}

/** The first shares of all pixels of a row. */
function mixPixels(
  data: Uint8Array,
  start: number,
  { span, first, weights }: Shares,
  row: Float64Array,
): void {
  for (let x = 0; x < row.length; x++) {
    const from = start + (first[x] ?? 0);
    const one = Math.fround((data[from] ?? 0) * (weights[x * span] ?? 0));
    const two = Math.fround((data[from + 1] ?? 0) * (weights[x * span + 1] ?? 0));
    row[x] = Math.fround(one + two);
  }
}

/** The other shares of all pixels of a row. */
function addPixels(data: Uint8Array, start: number, shares: FurtherShares, row: Float64Array): void {
  const { target, source, weight } = shares;
  for (let i = 0; i < target.length; i++) {
    const x = target[i] ?? 0;
    const share = Math.fround((data[start + (source[i] ?? 0)] ?? 0) * (weight[i] ?? 0));
    row[x] = Math.fround((row[x] ?? 0) + share);
  }
}

/** The first shares of a target row. */
function mixRows(
  row0: Float64Array,
  weight0: number,
  row1: Float64Array,
  weight1: number,
  sums: Float64Array,
): void {
  for (let x = 0; x < sums.length; x++) {
    const one = Math.fround((row0[x] ?? 0) * weight0);
    const two = Math.fround((row1[x] ?? 0) * weight1);
    sums[x] = Math.fround(one + two);
  }
}

/** One more share of a target row. */
function addRow(row: Float64Array, weight: number, sums: Float64Array): void {
  for (let x = 0; x < sums.length; x++) {
    sums[x] = Math.fround((sums[x] ?? 0) + Math.fround((row[x] ?? 0) * weight));
  }
}

function blockSum(source: LumaPlane, left: number, top: number, columns: number, rows: number): number {
  let sum = 0;
  for (let y = top; y < top + rows; y++) {
    for (let x = left; x < left + columns; x++) sum += source.data[y * source.stride + x] ?? 0;
  }
  return sum;
}

/** Whether pixels are averaged in whole blocks, if it is so in both directions. */
export function isWhole(ratio: number): boolean {
  return Math.abs(ratio - Math.round(ratio)) < Number.EPSILON;
}

/** Of a float in 0..255.5; adding a half to it is exact in a double. */
function roundHalfEven(value: number): number {
  const rounded = Math.floor(value + 0.5);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
