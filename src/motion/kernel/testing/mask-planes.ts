import { BitMask } from '../../bit-mask.ts';
import type { Address, Kernel } from '../kernel.ts';

/** Planes of the kernel into which a test can put a mask. Dispose of it. */
export class MaskPlanes implements Disposable {
  readonly address: Address;
  readonly #kernel: Kernel;
  readonly #widthPx: number;
  readonly #heightPx: number;

  constructor(kernel: Kernel, mask: BitMask) {
    this.#kernel = kernel;
    this.#widthPx = mask.widthPx;
    this.#heightPx = mask.heightPx;
    this.address = kernel.run.newPlanes(mask.widthPx, mask.heightPx, mask.widthPx, 0, 0);
    for (let y = 0; y < mask.heightPx; y++) this.#row(y).set(rowOf(mask, y));
  }

  read(): BitMask {
    const mask = new BitMask(this.#widthPx, this.#heightPx);
    for (let y = 0; y < mask.heightPx; y++) rowOf(mask, y).set(this.#row(y));
    return mask;
  }

  [Symbol.dispose](): void {
    this.#kernel.run.freePlanes(this.address);
  }

  #row(y: number): Uint8Array {
    const { run } = this.#kernel;
    const bytes = 4 * Math.ceil(this.#widthPx / 32);
    return this.#kernel.bytes(run.maskOf(this.address) + y * run.bitStrideOf(this.address), bytes);
  }
}

function rowOf({ words, wordsPerRow }: BitMask, y: number): Uint8Array {
  return new Uint8Array(words.buffer, 4 * wordsPerRow * y, 4 * wordsPerRow);
}
