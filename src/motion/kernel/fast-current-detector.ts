import { checkCurrentSettings, DEFAULT_CURRENT_SETTINGS, type CurrentSettings } from '../current-detector.ts';
import type { Detection, LumaPicture, MotionDetector } from '../detector.ts';
import { gaussianTaps } from '../gaussian-taps.ts';
import { scaledSize, type ScaledSize } from '../scale-area.ts';
import { findBoxes, findContours, type Contour } from './contours.ts';
import { kernelScaler, type KernelPlane, type KernelScaler } from './kernel-scaler.ts';
import type { Address, Kernel } from './kernel.ts';

/** `CurrentDetector` in the kernel: the same results, many times faster. Dispose of it, for its memory is the kernel's. */
export class FastCurrentDetector implements MotionDetector {
  readonly #kernel: Kernel;
  readonly #settings: CurrentSettings;
  #pipeline: KernelPipeline | undefined;

  /** @throws MotionSettingError for a setting outside its range. */
  constructor(kernel: Kernel, settings: CurrentSettings = DEFAULT_CURRENT_SETTINGS) {
    checkCurrentSettings(settings);
    this.#kernel = kernel;
    this.#settings = settings;
  }

  /** @throws KernelError `out-of-memory` */
  detect(picture: LumaPicture): Detection {
    return this.#pipelineFor(picture).detect(picture);
  }

  /** The borders of what changed in the picture detected last, motion or not; none before there is one. */
  contours(): Contour[] {
    return this.#pipeline?.contours() ?? [];
  }

  reset(): void {
    this.#pipeline?.reset();
  }

  [Symbol.dispose](): void {
    this.#pipeline?.[Symbol.dispose]();
    this.#pipeline = undefined;
  }

  #pipelineFor(picture: LumaPicture): KernelPipeline {
    if (this.#pipeline?.takes(picture) === true) return this.#pipeline;
    this[Symbol.dispose]();
    this.#pipeline = new KernelPipeline(this.#kernel, picture, this.#settings);
    return this.#pipeline;
  }
}

/** The steps with their planes, for pictures of one size. */
class KernelPipeline implements Disposable {
  readonly #kernel: Kernel;
  readonly #settings: CurrentSettings;
  readonly #source: ScaledSize;
  readonly #analysed: ScaledSize;
  readonly #scaler: KernelScaler | undefined;
  readonly #stride: number;
  readonly #planes: Address;
  #isFirst = true;

  constructor(kernel: Kernel, { widthPx, heightPx }: ScaledSize, settings: CurrentSettings) {
    this.#kernel = kernel;
    this.#settings = settings;
    this.#source = { widthPx, heightPx };
    this.#analysed = scaledSize(widthPx, heightPx, settings.analysedWidthPx);
    const { widthPx: width, heightPx: height } = this.#analysed;
    const taps = gaussianTaps(settings.blurSizePx);
    if (width < widthPx) this.#scaler = kernelScaler(kernel, this.#source, this.#analysed);
    this.#stride = this.#scaler === undefined ? width : 16 * Math.ceil(width / 16);
    this.#planes = kernel.allocate(() =>
      kernel.run.newPlanes(width, height, this.#stride, taps.length - 1, settings.threshold),
    );
    for (const [i, tap] of taps.entries()) kernel.run.setTap(this.#planes, i, tap);
  }

  takes(picture: LumaPicture): boolean {
    return picture.widthPx === this.#source.widthPx && picture.heightPx === this.#source.heightPx;
  }

  detect(picture: LumaPicture): Detection {
    const score = this.#changedArea(picture);
    const isMotion = score >= this.#settings.minimalAreaPx;
    return {
      score,
      isMotion,
      boxes: isMotion ? findBoxes(this.#kernel, this.#planes) : [],
      zones: [],
      analysedWidthPx: this.#analysed.widthPx,
      analysedHeightPx: this.#analysed.heightPx,
    };
  }

  contours(): Contour[] {
    return this.#isFirst ? [] : findContours(this.#kernel, this.#planes);
  }

  reset(): void {
    this.#isFirst = true;
  }

  [Symbol.dispose](): void {
    this.#scaler?.[Symbol.dispose]();
    this.#kernel.run.freePlanes(this.#planes);
  }

  /** Leaves the changed area in the mask and counts it. */
  #changedArea(picture: LumaPicture): number {
    const { run } = this.#kernel;
    this.#take(picture);
    if (this.#isFirst) {
      this.#isFirst = false;
      run.forgetPictures(this.#planes);
      return 0;
    }
    run.markDifference(this.#planes);
    run.dilate(this.#planes, this.#settings.dilateIterations);
    run.erode(this.#planes, this.#settings.erodeIterations);
    return run.countMarked(this.#planes);
  }

  /** The picture becomes the current one, expanded and shrunk. */
  #take(picture: LumaPicture): void {
    const target = { address: this.#kernel.run.nextPicture(this.#planes), stride: this.#stride };
    if (this.#scaler === undefined) this.#copy(picture, target);
    else this.#scaler.shrink(this.#copyToScratch(picture), target);
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
