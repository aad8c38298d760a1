import { GaussianBlur } from './blur.ts';
import type { Detection, LumaPlane, MotionDetector } from './detector.ts';
import { countMarked, markDifference } from './difference.ts';
import { checkSetting } from './error.ts';
import { gaussianTaps } from './gaussian-taps.ts';
import { Morphology } from './morphology.ts';
import { RegionFinder } from './regions.ts';
import { AreaScaler, scaledSize, type ScaledSize } from './scale-area.ts';

/** What the `current` detector can be told. */
export interface CurrentSettings {
  /** Pictures wider than this are shrunk to it first, 16..8192. */
  readonly analysedWidthPx: number;
  /** Side of the Gaussian blur that takes out noise, odd, 1 (none)..63. */
  readonly blurSizePx: number;
  /** A pixel has changed when its brightness changed by more than this, 0..254. */
  readonly threshold: number;
  /** How far changed areas grow so that neighbours join, in pixels, 0..127. */
  readonly dilateIterations: number;
  /** How far they shrink again, in pixels, 0..127. */
  readonly erodeIterations: number;
  /** So many changed pixels in the end are motion, from 1. */
  readonly minimalAreaPx: number;
}

/** The defaults of the recorder that Preroll descends from. */
export const DEFAULT_CURRENT_SETTINGS: CurrentSettings = {
  analysedWidthPx: 500,
  blurSizePx: 11,
  threshold: 10,
  dilateIterations: 8,
  erodeIterations: 4,
  minimalAreaPx: 1500,
};

/**
 * Motion as the difference of two successive pictures: shrink, blur, subtract, threshold, dilate, erode, count. The
 * plain reference: each step equals OpenCV 4.6's to the bit (see `testdata/`), and every faster one must equal this.
 */
export class CurrentDetector implements MotionDetector {
  readonly #settings: CurrentSettings;
  #pipeline: CurrentPipeline | undefined;

  /** @throws MotionSettingError for a setting outside its range. */
  constructor(settings: CurrentSettings = DEFAULT_CURRENT_SETTINGS) {
    checkSetting('analysedWidthPx', settings.analysedWidthPx, 16, 8192);
    gaussianTaps(settings.blurSizePx);
    checkSetting('threshold', settings.threshold, 0, 254);
    checkSetting('dilateIterations', settings.dilateIterations, 0, 127);
    checkSetting('erodeIterations', settings.erodeIterations, 0, 127);
    checkSetting('minimalAreaPx', settings.minimalAreaPx, 1, Number.MAX_SAFE_INTEGER);
    this.#settings = settings;
  }

  detect(picture: LumaPlane): Detection {
    if (this.#pipeline?.takes(picture) !== true)
      this.#pipeline = new CurrentPipeline(picture, this.#settings);
    return this.#pipeline.detect(picture);
  }

  reset(): void {
    this.#pipeline = undefined;
  }
}

/** The steps with their planes, for pictures of one size. */
class CurrentPipeline {
  readonly #settings: CurrentSettings;
  readonly #source: ScaledSize;
  readonly #analysed: ScaledSize;
  readonly #scaler: AreaScaler | undefined;
  readonly #blur: GaussianBlur;
  readonly #morphology: Morphology;
  readonly #regions: RegionFinder;
  readonly #scaled: LumaPlane;
  readonly #mask: Uint8Array;
  #blurred: Uint8Array;
  #previous: Uint8Array;
  #isFirst = true;

  constructor({ widthPx, heightPx }: ScaledSize, settings: CurrentSettings) {
    this.#settings = settings;
    this.#source = { widthPx, heightPx };
    this.#analysed = scaledSize(widthPx, heightPx, settings.analysedWidthPx);
    const { widthPx: width, heightPx: height } = this.#analysed;
    const isShrunk = width < widthPx;
    this.#scaler = isShrunk ? new AreaScaler(this.#source, this.#analysed) : undefined;
    this.#scaled = { ...this.#analysed, stride: width, data: new Uint8Array(isShrunk ? width * height : 0) };
    this.#blur = new GaussianBlur(width, height, settings.blurSizePx);
    this.#morphology = new Morphology(width, height);
    this.#regions = new RegionFinder(width, height);
    this.#blurred = new Uint8Array(width * height);
    this.#previous = new Uint8Array(width * height);
    this.#mask = new Uint8Array(width * height);
  }

  takes(picture: LumaPlane): boolean {
    return picture.widthPx === this.#source.widthPx && picture.heightPx === this.#source.heightPx;
  }

  detect(picture: LumaPlane): Detection {
    const score = this.#changedArea(picture);
    const isMotion = score >= this.#settings.minimalAreaPx;
    return {
      score,
      isMotion,
      boxes: isMotion ? this.#regions.find(this.#mask) : [],
      analysedWidthPx: this.#analysed.widthPx,
      analysedHeightPx: this.#analysed.heightPx,
    };
  }

  /** Leaves the changed area in `#mask` and counts it. */
  #changedArea(picture: LumaPlane): number {
    [this.#blurred, this.#previous] = [this.#previous, this.#blurred];
    this.#blur.blur(this.#shrink(picture), this.#blurred);
    if (this.#isFirst) {
      this.#isFirst = false;
      return 0;
    }
    const { threshold, dilateIterations, erodeIterations } = this.#settings;
    markDifference(this.#blurred, this.#previous, threshold, this.#mask);
    this.#morphology.dilate(this.#mask, dilateIterations);
    this.#morphology.erode(this.#mask, erodeIterations);
    return countMarked(this.#mask);
  }

  #shrink(picture: LumaPlane): LumaPlane {
    if (this.#scaler === undefined) return picture;
    this.#scaler.scale(picture, this.#scaled.data);
    return this.#scaled;
  }
}
