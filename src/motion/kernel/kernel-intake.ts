import type { LumaPicture } from '../detector.ts';
import type { ScaledSize } from '../scale-area.ts';
import { kernelScaler, type KernelPlane, type KernelScaler } from './kernel-scaler.ts';
import type { Address, Kernel } from './kernel.ts';

/** `LumaIntake` in the kernel. Dispose of it. */
export class KernelIntake implements Disposable {
  /** Of the planes that it writes. */
  readonly stride: number;
  readonly #kernel: Kernel;
  readonly #scaler: KernelScaler | undefined;

  /** @throws KernelError `out-of-memory` */
  constructor(kernel: Kernel, source: ScaledSize, analysed: ScaledSize) {
    this.#kernel = kernel;
    const isShrunk = analysed.widthPx < source.widthPx;
    this.#scaler = isShrunk ? kernelScaler(kernel, source, analysed) : undefined;
    this.stride = isShrunk ? 16 * Math.ceil(analysed.widthPx / 16) : analysed.widthPx;
  }

  /** Writes to `target` what a detector analyses. @throws KernelError `out-of-memory` */
  take(picture: LumaPicture, target: Address): void {
    const plane = { address: target, stride: this.stride };
    if (this.#scaler === undefined) this.#copy(picture, plane);
    else this.#scaler.shrink(this.#copyToScratch(picture), plane);
  }

  [Symbol.dispose](): void {
    this.#scaler?.[Symbol.dispose]();
  }

  #copyToScratch(picture: LumaPicture): KernelPlane {
    const { stride, heightPx } = picture;
    const plane = { address: this.#kernel.scratch(stride * heightPx), stride };
    this.#copy(picture, plane);
    return plane;
  }

  #copy({ data, stride, widthPx, heightPx, isFullRange }: LumaPicture, target: KernelPlane): void {
    const bytes = target.stride * heightPx;
    const copy = this.#kernel.bytes(target.address, bytes);
    if (stride === target.stride) copy.set(data.subarray(0, bytes));
    else {
      for (let y = 0; y < heightPx; y++) {
        copy.set(data.subarray(y * stride, y * stride + widthPx), y * target.stride);
      }
    }
    if (!isFullRange) this.#kernel.run.expandLuma(target.address, bytes);
  }
}
