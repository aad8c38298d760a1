import { areaRatio, areaShares, isWhole, type ScaledSize } from '../scale-area.ts';
import type { Address, Kernel } from './kernel.ts';

/** A plane in linear memory, `stride` bytes from a row to the next. */
export interface KernelPlane {
  readonly address: Address;
  readonly stride: number;
}

/** Shrinks pictures of one size to another as `AreaScaler` does, in the kernel. Dispose of it. */
export interface KernelScaler extends Disposable {
  /** The stride of `target` is a multiple of 16 and holds a row; up to a row's stride behind it is overwritten. */
  shrink(source: KernelPlane, target: KernelPlane): void;
}

/** @throws KernelError `out-of-memory` */
export function kernelScaler(kernel: Kernel, source: ScaledSize, target: ScaledSize): KernelScaler {
  const ratioX = areaRatio(source.widthPx, target.widthPx);
  const ratioY = areaRatio(source.heightPx, target.heightPx);
  if (!isWhole(ratioX) || !isWhole(ratioY)) return new UnevenScaler(kernel, source, target);
  const [columns, rows] = [Math.round(ratioX), Math.round(ratioY)];
  if (columns === 2 && rows === 2) return new Halver(kernel, target);
  return new BlockScaler(kernel, target, { columns, rows });
}

class Halver implements KernelScaler {
  readonly #kernel: Kernel;
  readonly #target: ScaledSize;

  constructor(kernel: Kernel, target: ScaledSize) {
    this.#kernel = kernel;
    this.#target = target;
  }

  shrink(source: KernelPlane, target: KernelPlane): void {
    const { heightPx } = this.#target;
    this.#kernel.run.halve(source.address, source.stride, target.address, target.stride, heightPx);
  }

  [Symbol.dispose](): void {}
}

class BlockScaler implements KernelScaler {
  readonly #kernel: Kernel;
  readonly #target: ScaledSize;
  readonly #columns: number;
  readonly #rows: number;
  readonly #sums: Address;

  constructor(kernel: Kernel, target: ScaledSize, { columns, rows }: { columns: number; rows: number }) {
    this.#kernel = kernel;
    this.#target = target;
    this.#columns = columns;
    this.#rows = rows;
    this.#sums = kernel.allocate(() => kernel.run.allocate(4 * (target.widthPx * columns + 16)));
  }

  shrink(source: KernelPlane, target: KernelPlane): void {
    const { widthPx, heightPx } = this.#target;
    this.#kernel.run.shrinkBlocks(
      source.address,
      source.stride,
      this.#columns,
      this.#rows,
      this.#sums,
      target.address,
      target.stride,
      widthPx,
      heightPx,
    );
  }

  [Symbol.dispose](): void {
    this.#kernel.run.release(this.#sums);
  }
}

/** Target pixels across that go together. */
const FOUR = 4;
/** The kernel takes shares in threes. */
const SHARES_AT_ONCE = 3;
/** Bytes of `FourShares` and of `RowShare`, see shrink.as.ts. */
const FOUR_SHARES_BYTES = 32;
const ROW_SHARE_BYTES = 12;
const VECTOR_BYTES = 16;
/** Bytes that pick none. */
const NO_BYTES = 0x80808080;

class UnevenScaler implements KernelScaler {
  readonly #kernel: Kernel;
  readonly #areas: Address;

  constructor(kernel: Kernel, source: ScaledSize, target: ScaledSize) {
    this.#kernel = kernel;
    const across = partsAlong(source.widthPx, target.widthPx);
    const down = partsAlong(source.heightPx, target.heightPx);
    const fours = Math.ceil(target.widthPx / FOUR);
    const mostShares = Math.max(...across.weights.map(({ length }) => length));
    const span = SHARES_AT_ONCE * Math.ceil(mostShares / SHARES_AT_ONCE);
    this.#areas = kernel.allocate(() =>
      kernel.run.newAreaShares(source.heightPx, fours, span, areClose(across)),
    );
    this.#writeAcross(across, fours, span);
    this.#writeDown(down, source.heightPx);
  }

  shrink(source: KernelPlane, target: KernelPlane): void {
    const { address, stride } = source;
    this.#kernel.run.shrinkAreas(this.#areas, address, stride, target.address, target.stride);
  }

  [Symbol.dispose](): void {
    this.#kernel.run.freeAreaShares(this.#areas);
  }

  #writeAcross({ first, weights }: Parts, fours: number, span: number): void {
    const recordBytes = FOUR_SHARES_BYTES + VECTOR_BYTES * span;
    const view = this.#view(this.#kernel.run.sharesAcross(this.#areas), fours * recordBytes);
    for (let x = 0; x < fours * FOUR; x++) {
      const record = Math.floor(x / FOUR) * recordBytes;
      const lane = (x % FOUR) * 4;
      // What lies beyond the picture repeats its last pixel, with no weight.
      const from = first[Math.min(x, first.length - 1)] ?? 0;
      view.setInt32(record + lane, from, true);
      view.setUint32(record + 16 + lane, NO_BYTES, true);
      view.setUint8(record + 16 + lane, from - view.getInt32(record, true));
      for (const [share, weight] of (weights[x] ?? []).entries()) {
        view.setFloat32(record + FOUR_SHARES_BYTES + VECTOR_BYTES * share + lane, weight, true);
      }
    }
  }

  #writeDown({ first, weights }: Parts, sourceRows: number): void {
    const view = this.#view(this.#kernel.run.sharesDown(this.#areas), sourceRows * ROW_SHARE_BYTES);
    for (const [y, rows] of weights.entries()) {
      for (const [i, weight] of rows.entries()) {
        const record = ((first[y] ?? 0) + i) * ROW_SHARE_BYTES;
        const isLastOfOther = view.getInt32(record + 8, true) === 1;
        view.setFloat32(record + (isLastOfOther ? 4 : 0), weight, true);
        if (i === rows.length - 1) view.setInt32(record + 8, 1, true);
      }
    }
  }

  #view(address: Address, length: number): DataView {
    const { buffer } = this.#kernel.bytes(address, length);
    return new DataView(buffer, address, length);
  }
}

/** Shares without those that weigh nothing, by target pixel: the first source pixel, and the weights from there on. */
interface Parts {
  readonly first: readonly number[];
  readonly weights: readonly Float64Array[];
}

function partsAlong(sourceLength: number, targetLength: number): Parts {
  const { first, weights, span } = areaShares(
    sourceLength,
    targetLength,
    areaRatio(sourceLength, targetLength),
  );
  const all = Array.from(first, (_, i) => weights.subarray(i * span, (i + 1) * span));
  const skipped = all.map((some) => some.findIndex((weight) => weight !== 0));
  return {
    first: skipped.map((count, i) => (first[i] ?? 0) + count),
    weights: all.map((some, i) =>
      some.subarray(skipped[i], some.findLastIndex((weight) => weight !== 0) + 1),
    ),
  };
}

/** Whether the first source pixels of every four lie within one vector. */
function areClose({ first }: Parts): boolean {
  return first.every((from, x) => from - (first[x - (x % FOUR)] ?? 0) < VECTOR_BYTES);
}
