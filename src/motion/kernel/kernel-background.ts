import type { Background, BackgroundOptions } from '../adaptive/background.ts';
import { GROWTH, OFFSETS } from '../adaptive/rules.ts';
import type { BitMask } from '../bit-mask.ts';
import type { LumaPicture } from '../detector.ts';
import { KernelIntake } from './kernel-intake.ts';
import type { Address, Kernel } from './kernel.ts';
import { PlaneMask } from './plane-mask.ts';

/** `PlainBackground` in the kernel: the same results, many times faster. */
export class KernelBackground implements Background {
  readonly #kernel: Kernel;
  readonly #intake: KernelIntake;
  readonly #planes: Address;
  readonly #background: Address;
  readonly #mask: PlaneMask;

  /** @throws KernelError `out-of-memory` */
  constructor(kernel: Kernel, { source, analysed, watched }: BackgroundOptions) {
    const { widthPx, heightPx } = analysed;
    this.#kernel = kernel;
    this.#intake = new KernelIntake(kernel, source, analysed);
    // Nothing is blurred, so neither radius nor threshold matter.
    this.#planes = kernel.allocate(() =>
      kernel.run.newPlanes(widthPx, heightPx, this.#intake.stride, 0, 0, 2),
    );
    this.#background = kernel.allocate(() => kernel.run.newBackground(this.#planes));
    this.#mask = new PlaneMask(kernel, this.#planes, analysed);
    if (watched !== undefined) this.#mask.watch(watched);
  }

  take(picture: LumaPicture): void {
    this.#intake.take(picture, this.#kernel.run.nextPicture(this.#planes));
  }

  begin(): void {
    this.#kernel.run.beginBackground(this.#background);
  }

  offsets(): Int32Array {
    const counts = this.#kernel.run.countOffsets(this.#background);
    const { buffer } = this.#kernel.bytes(counts, 4 * OFFSETS);
    return new Int32Array(buffer, counts, OFFSETS);
  }

  brighten(offset: number): void {
    this.#kernel.run.brighten(this.#background, offset);
  }

  learn(isHasty: boolean, isForgetting: boolean): number {
    return this.#kernel.run.learn(this.#background, isHasty, isForgetting ? 1 : 0);
  }

  foreground(): BitMask {
    this.#kernel.run.markChanged(this.#planes);
    return this.#mask.read();
  }

  joinedForeground(): BitMask {
    const { run } = this.#kernel;
    run.markChanged(this.#planes);
    run.erode(this.#planes, 1);
    run.dilate(this.#planes, 1 + GROWTH);
    return this.#mask.read();
  }

  [Symbol.dispose](): void {
    this.#intake[Symbol.dispose]();
    this.#mask[Symbol.dispose]();
    this.#kernel.run.freeBackground(this.#background);
    this.#kernel.run.freePlanes(this.#planes);
  }
}
