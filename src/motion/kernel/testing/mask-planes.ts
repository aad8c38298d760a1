import type { BitMask } from '../../bit-mask.ts';
import type { Address, Kernel } from '../kernel.ts';
import { PlaneMask } from '../plane-mask.ts';

/** Planes of the kernel with a mask that a test gives. Dispose of it. */
export class MaskPlanes implements Disposable {
  readonly address: Address;
  readonly mask: PlaneMask;
  readonly #kernel: Kernel;

  constructor(kernel: Kernel, mask: BitMask) {
    const { widthPx, heightPx } = mask;
    this.#kernel = kernel;
    this.address = kernel.run.newPlanes(widthPx, heightPx, widthPx, 0, 0, 2);
    this.mask = new PlaneMask(kernel, this.address, mask);
    this.mask.write(mask);
  }

  [Symbol.dispose](): void {
    this.mask[Symbol.dispose]();
    this.#kernel.run.freePlanes(this.address);
  }
}
