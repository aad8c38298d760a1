import { WHOLE_PICTURE, type AreaSettings } from './areas.ts';
import { BitMask } from './bit-mask.ts';
import { GaussianBlur } from './blur.ts';
import { ContouredMask } from './contoured-mask.ts';
import { findContours } from './contours.ts';
import { decide } from './decision.ts';
import type { Detection, DetectionStages, LumaPicture, LumaPlane, MotionDetector } from './detector.ts';
import { keepDifference, markDifference } from './difference.ts';
import { checkDifferenceSettings, type DifferenceSettings } from './difference-settings.ts';
import { LazyBlur } from './lazy-blur.ts';
import { LumaIntake } from './luma-intake.ts';
import { dilate, erode } from './morphology.ts';
import { PixelWeights } from './pixel-weights.ts';
import { scaledSize, type ScaledSize } from './scale-area.ts';
import { WatchedAreas } from './watched-areas.ts';

/**
 * Motion as the difference of two or three successive pictures: shrink, blur, subtract, threshold, dilate, erode, measure.
 * The plain reference: each step equals OpenCV 4.6's to the bit (see `testdata/`), and every faster one must equal this.
 */
export class DifferenceDetector implements MotionDetector {
  readonly #settings: DifferenceSettings;
  readonly #areas: AreaSettings;
  #pipeline: DifferencePipeline | undefined;

  /** @throws MotionSettingError for a setting outside its range. */
  constructor(settings: DifferenceSettings, areas: AreaSettings = WHOLE_PICTURE) {
    checkDifferenceSettings(settings);
    this.#settings = settings;
    this.#areas = areas;
  }

  detect(picture: LumaPicture): Detection {
    if (this.#pipeline?.takes(picture) !== true)
      this.#pipeline = new DifferencePipeline(picture, this.#settings, this.#areas);
    return this.#pipeline.detect(picture);
  }

  stages(): DetectionStages | undefined {
    return this.#pipeline?.stages();
  }

  reset(): void {
    this.#pipeline = undefined;
  }

  [Symbol.dispose](): void {
    this.reset();
  }
}

/** The steps with their planes, for pictures of one size. */
class DifferencePipeline {
  readonly #settings: DifferenceSettings;
  readonly #source: ScaledSize;
  readonly #intake: LumaIntake;
  readonly #blur: GaussianBlur;
  readonly #watched: BitMask | undefined;
  readonly #weights: PixelWeights;
  #current: LazyBlur;
  #previous: LazyBlur;
  /** Where the current picture differs from the previous one, and where that one did from the one before. */
  #difference: BitMask;
  #earlierDifference: BitMask;
  /** What is measured. */
  #mask: BitMask;
  #isFirst = true;

  constructor(source: ScaledSize, settings: DifferenceSettings, areas: AreaSettings) {
    this.#settings = settings;
    this.#source = { widthPx: source.widthPx, heightPx: source.heightPx };
    const analysed = scaledSize(source.widthPx, source.heightPx, settings.analysedWidthPx);
    this.#intake = new LumaIntake(this.#source, analysed);
    const { widthPx, heightPx } = analysed;
    this.#blur = new GaussianBlur(widthPx, heightPx, settings.blurSizePx);
    const watchedAreas = new WatchedAreas(areas, widthPx, heightPx);
    this.#watched = watchedAreas.watched;
    this.#weights = new PixelWeights(watchedAreas);
    this.#mask = new BitMask(widthPx, heightPx);
    this.#difference = this.#mask.copy();
    this.#earlierDifference = this.#mask.copy();
    this.#current = new LazyBlur(this.#mask, this.#blur);
    this.#previous = new LazyBlur(this.#mask, this.#blur);
  }

  takes(picture: LumaPlane): boolean {
    return picture.widthPx === this.#source.widthPx && picture.heightPx === this.#source.heightPx;
  }

  detect(picture: LumaPicture): Detection {
    [this.#current, this.#previous] = [this.#previous, this.#current];
    [this.#difference, this.#earlierDifference] = [this.#earlierDifference, this.#difference];
    this.#intake.take(picture, this.#current.picture.data);
    this.#current.renew();
    if (!this.#isFirst) this.#markDifference();
    this.#isFirst = false;
    this.#mask = this.#changed();
    dilate(this.#mask, this.#settings.dilateIterations);
    erode(this.#mask, this.#settings.erodeIterations);
    if (this.#watched !== undefined) this.#mask.keep(this.#watched);
    return decide(this.#settings.decision, this.#weights, new ContouredMask(this.#mask));
  }

  stages(): DetectionStages {
    const { widthPx, heightPx } = this.#mask;
    const [changed, mask] = [this.#changed().toBytes(), this.#mask.toBytes()];
    return { widthPx, heightPx, changed, mask, contours: findContours(this.#mask) };
  }

  /** What has changed, of what is watched. */
  #changed(): BitMask {
    const changed = this.#difference.copy();
    if (this.#settings.pictures === 3) changed.keep(this.#earlierDifference);
    if (this.#watched !== undefined) changed.keep(this.#watched);
    return changed;
  }

  /**
   * Marks where the blurred pictures differ by more than the threshold, but not everywhere where nobody watches. A
   * blurred pixel is a rounded weighted mean, so it cannot differ more than the pixels that go into it do: only where
   * one of those differs enough, which is rare in most pictures, is there something to blur.
   */
  #markDifference(): void {
    const [current, previous, difference] = [this.#current, this.#previous, this.#difference];
    const { threshold } = this.#settings;
    markDifference(current.picture.data, previous.picture.data, threshold, difference);
    dilate(difference, this.#blur.radiusPx);
    if (this.#watched !== undefined) difference.keep(this.#watched);
    current.blurWhere(difference);
    previous.blurWhere(difference);
    keepDifference(current.blurred, previous.blurred, threshold, difference);
  }
}
