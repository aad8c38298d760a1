import { readFileSync } from 'node:fs';
import { PrerollError } from '../../base/error.ts';

/**
 * - `unavailable`: the file is missing, or this machine's processor or Node.js cannot run vectors of 128 bits.
 * - `out-of-memory`: no linear memory is left for what was asked.
 */
export type KernelErrorKind = 'unavailable' | 'out-of-memory';

export class KernelError extends PrerollError {
  readonly kind: KernelErrorKind;

  constructor(kind: KernelErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** An address in the kernel's linear memory. */
export type Address = number;

/** What `kernel.as.ts` exports; described there. */
export interface KernelFunctions {
  allocate(bytes: number): Address;
  release(block: Address): void;

  expandLuma(plane: Address, bytes: number): void;

  newAreaShares(sourceRows: number, fours: number, shares: number, isClose: boolean): Address;
  freeAreaShares(areas: Address): void;
  sharesAcross(areas: Address): Address;
  sharesDown(areas: Address): Address;
  shrinkAreas(areas: Address, source: Address, stride: number, target: Address, targetStride: number): void;
  halve(source: Address, sourceStride: number, target: Address, stride: number, rows: number): void;
  shrinkBlocks(
    source: Address,
    sourceStride: number,
    columns: number,
    rows: number,
    sums: Address,
    target: Address,
    targetStride: number,
    widthPx: number,
    heightPx: number,
  ): void;

  newPlanes(
    widthPx: number,
    heightPx: number,
    stride: number,
    radius: number,
    threshold: number,
    pictures: number,
  ): Address;
  freePlanes(planes: Address): void;
  setTap(planes: Address, index: number, tap: number): void;
  nextPicture(planes: Address): Address;
  maskOf(planes: Address): Address;
  bitStrideOf(planes: Address): number;
  newBitPlane(planes: Address): Address;
  freeBitPlane(planes: Address, plane: Address): void;
  watch(planes: Address, plane: Address): void;

  forgetPictures(planes: Address): void;
  markDifference(planes: Address): void;
  markChanged(planes: Address): void;
  keepWatched(planes: Address): void;
  dilate(planes: Address, radius: number): void;
  erode(planes: Address, radius: number): void;
  countMarked(planes: Address): number;
  countWithin(planes: Address, plane: Address): number;

  newBackground(planes: Address): Address;
  freeBackground(background: Address): void;
  beginBackground(background: Address): void;
  countOffsets(background: Address): Address;
  brighten(background: Address, offset: number): void;
  learn(background: Address, isHasty: boolean, forgetting: number): number;

  findRegions(planes: Address): void;
  nextRegion(planes: Address): number;
  nextBoxes(planes: Address, target: Address, most: number): number;
  writePoints(planes: Address, target: Address): void;
  largestBox(planes: Address): number;
  doubleContourArea(planes: Address): number;
}

/** What Node.js has and its types leave to those of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface WasmGlobal {
  readonly value: number;
}

/** What `nextRegion` leaves. */
interface KernelResults {
  readonly left: WasmGlobal;
  readonly top: WasmGlobal;
  readonly right: WasmGlobal;
  readonly bottom: WasmGlobal;
  readonly doubleArea: WasmGlobal;
  readonly points: WasmGlobal;
}

type KernelExports = KernelFunctions & KernelResults & { readonly memory: { readonly buffer: ArrayBuffer } };

/** The kernel may read so far behind a picture: a vector beyond the widest span of pixels that make up one. */
const SLACK_BYTES = 1024;

/** A running kernel, for as many cameras as there are in this process, one after another. */
export class Kernel {
  readonly run: KernelFunctions;
  readonly #exports: KernelExports;
  #scratch: Address = 0;
  #scratchBytes = 0;

  /** Compiles the kernel in `file`. @throws KernelError `unavailable` */
  static load(file: string): Kernel {
    try {
      const module = new WebAssembly.Module(readFileSync(file));
      const { exports } = new WebAssembly.Instance(module);
      // The file is built of kernel.as.ts together with this one.
      return new Kernel(exports as KernelExports);
    } catch (cause) {
      throw new KernelError('unavailable', 'Cannot load the motion kernel', { cause });
    }
  }

  private constructor(exports: KernelExports) {
    this.#exports = exports;
    this.run = exports;
  }

  /** A view of linear memory, valid until the kernel next allocates. */
  bytes(address: Address, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, address, length);
  }

  /** Room for `bytes`, and for what is read behind them, valid until the next call: for all cameras in turn. */
  scratch(bytes: number): Address {
    if (bytes <= this.#scratchBytes) return this.#scratch;
    if (this.#scratchBytes > 0) this.run.release(this.#scratch);
    this.#scratchBytes = 0;
    this.#scratch = this.allocate(() => this.run.allocate(bytes + SLACK_BYTES));
    this.#scratchBytes = bytes;
    return this.#scratch;
  }

  /** Runs `work`, which allocates. @throws KernelError `out-of-memory` */
  allocate(work: () => Address): Address {
    try {
      return work();
    } catch (cause) {
      throw new KernelError('out-of-memory', 'Cannot get memory for the motion kernel', { cause });
    }
  }

  /** What `nextRegion` left. */
  get region(): FoundRegion {
    const { left, top, right, bottom, doubleArea, points } = this.#exports;
    return {
      left: left.value,
      top: top.value,
      right: right.value,
      bottom: bottom.value,
      doubleAreaPx: doubleArea.value,
      points: points.value,
    };
  }
}

/** An outermost region of a mask, both ends of its box included. */
export interface FoundRegion {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Twice the area of the polygon through the centres of the border's pixels. */
  readonly doubleAreaPx: number;
  /** In how many points its border turns. */
  readonly points: number;
}
