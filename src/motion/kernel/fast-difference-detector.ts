import { WHOLE_PICTURE, type AreaSettings } from '../areas.ts';
import { decide } from '../decision.ts';
import type { Detection, DetectionStages, LumaPicture, MotionDetector } from '../detector.ts';
import { checkDifferenceSettings, type DifferenceSettings } from '../difference-settings.ts';
import { gaussianTaps } from '../gaussian-taps.ts';
import { PixelWeights } from '../pixel-weights.ts';
import { scaledSize, type ScaledSize } from '../scale-area.ts';
import { WatchedAreas } from '../watched-areas.ts';
import { KernelIntake } from './kernel-intake.ts';
import type { Address, Kernel } from './kernel.ts';
import { PlaneMask } from './plane-mask.ts';

/** `DifferenceDetector` in the kernel: the same results, many times faster. Dispose of it, for its memory is the kernel's. */
export class FastDifferenceDetector implements MotionDetector {
  readonly #kernel: Kernel;
  readonly #settings: DifferenceSettings;
  readonly #areas: AreaSettings;
  #pipeline: KernelPipeline | undefined;

  /** @throws MotionSettingError for a setting outside its range. */
  constructor(kernel: Kernel, settings: DifferenceSettings, areas: AreaSettings = WHOLE_PICTURE) {
    checkDifferenceSettings(settings);
    this.#kernel = kernel;
    this.#settings = settings;
    this.#areas = areas;
  }

  /** @throws KernelError `out-of-memory` */
  detect(picture: LumaPicture): Detection {
    return this.#pipelineFor(picture).detect(picture);
  }

  stages(): DetectionStages | undefined {
    return this.#pipeline?.stages();
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
    this.#pipeline = new KernelPipeline(this.#kernel, picture, this.#settings, this.#areas);
    return this.#pipeline;
  }
}

/** The steps with their planes, for pictures of one size. */
class KernelPipeline implements Disposable {
  readonly #kernel: Kernel;
  readonly #settings: DifferenceSettings;
  readonly #source: ScaledSize;
  readonly #intake: KernelIntake;
  readonly #planes: Address;
  readonly #mask: PlaneMask;
  readonly #weights: PixelWeights;
  #isFirst = true;

  constructor(
    kernel: Kernel,
    { widthPx, heightPx }: ScaledSize,
    settings: DifferenceSettings,
    areas: AreaSettings,
  ) {
    this.#kernel = kernel;
    this.#settings = settings;
    this.#source = { widthPx, heightPx };
    const analysed = scaledSize(widthPx, heightPx, settings.analysedWidthPx);
    const { widthPx: width, heightPx: height } = analysed;
    const taps = gaussianTaps(settings.blurSizePx);
    this.#intake = new KernelIntake(kernel, this.#source, analysed);
    this.#planes = kernel.allocate(() =>
      kernel.run.newPlanes(
        width,
        height,
        this.#intake.stride,
        taps.length - 1,
        settings.threshold,
        settings.pictures,
      ),
    );
    for (const [i, tap] of taps.entries()) kernel.run.setTap(this.#planes, i, tap);
    this.#mask = new PlaneMask(kernel, this.#planes, analysed);
    const watchedAreas = new WatchedAreas(areas, width, height);
    if (watchedAreas.watched !== undefined) this.#mask.watch(watchedAreas.watched);
    this.#weights = new PixelWeights(watchedAreas);
  }

  takes(picture: LumaPicture): boolean {
    return picture.widthPx === this.#source.widthPx && picture.heightPx === this.#source.heightPx;
  }

  detect(picture: LumaPicture): Detection {
    const { run } = this.#kernel;
    this.#intake.take(picture, run.nextPicture(this.#planes));
    if (this.#isFirst) run.forgetPictures(this.#planes);
    else run.markDifference(this.#planes);
    this.#isFirst = false;
    this.#makeMask();
    return decide(this.#settings.decision, this.#weights, this.#mask);
  }

  stages(): DetectionStages | undefined {
    if (this.#isFirst) return undefined;
    const mask = this.#mask.read().toBytes();
    const contours = this.#mask.contours();
    this.#kernel.run.markChanged(this.#planes);
    const changed = this.#mask.read().toBytes();
    this.#makeMask();
    return { widthPx: this.#mask.widthPx, heightPx: this.#mask.heightPx, changed, mask, contours };
  }

  reset(): void {
    this.#isFirst = true;
  }

  [Symbol.dispose](): void {
    this.#intake[Symbol.dispose]();
    this.#mask[Symbol.dispose]();
    this.#kernel.run.freePlanes(this.#planes);
  }

  /** What is measured, of what has changed. */
  #makeMask(): void {
    const { run } = this.#kernel;
    run.markChanged(this.#planes);
    run.dilate(this.#planes, this.#settings.dilateIterations);
    run.erode(this.#planes, this.#settings.erodeIterations);
    run.keepWatched(this.#planes);
  }
}
