import { BitMask } from './bit-mask.ts';
import { GaussianBlur } from './blur.ts';
import type { Detection, LumaPicture, LumaPlane, MotionDetector } from './detector.ts';
import { keepDifference, markDifference } from './difference.ts';
import { checkSetting } from './error.ts';
import { expandLuma } from './expand-luma.ts';
import { gaussianTaps } from './gaussian-taps.ts';
import { LazyBlur } from './lazy-blur.ts';
import { dilate, erode } from './morphology.ts';
import { findRegions } from './regions.ts';
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
    checkCurrentSettings(settings);
    this.#settings = settings;
  }

  detect(picture: LumaPicture): Detection {
    if (this.#pipeline?.takes(picture) !== true)
      this.#pipeline = new CurrentPipeline(picture, this.#settings);
    return this.#pipeline.detect(picture);
  }

  reset(): void {
    this.#pipeline = undefined;
  }

  [Symbol.dispose](): void {
    this.reset();
  }
}

/** @throws MotionSettingError for a setting outside its range. */
export function checkCurrentSettings(settings: CurrentSettings): void {
  checkSetting('analysedWidthPx', settings.analysedWidthPx, 16, 8192);
  gaussianTaps(settings.blurSizePx);
  checkSetting('threshold', settings.threshold, 0, 254);
  checkSetting('dilateIterations', settings.dilateIterations, 0, 127);
  checkSetting('erodeIterations', settings.erodeIterations, 0, 127);
  checkSetting('minimalAreaPx', settings.minimalAreaPx, 1, Number.MAX_SAFE_INTEGER);
}

/** The steps with their planes, for pictures of one size. */
class CurrentPipeline {
  readonly #settings: CurrentSettings;
  readonly #source: ScaledSize;
  readonly #analysed: ScaledSize;
  readonly #scaler: AreaScaler | undefined;
  readonly #blur: GaussianBlur;
  readonly #mask: BitMask;
  #expanded: LumaPlane | undefined;
  #current: LazyBlur;
  #previous: LazyBlur;
  #isFirst = true;

  constructor({ widthPx, heightPx }: ScaledSize, settings: CurrentSettings) {
    this.#settings = settings;
    this.#source = { widthPx, heightPx };
    this.#analysed = scaledSize(widthPx, heightPx, settings.analysedWidthPx);
    const { widthPx: width, heightPx: height } = this.#analysed;
    this.#scaler = width < widthPx ? new AreaScaler(this.#source, this.#analysed) : undefined;
    this.#blur = new GaussianBlur(width, height, settings.blurSizePx);
    this.#mask = new BitMask(width, height);
    this.#current = new LazyBlur(this.#mask, this.#blur);
    this.#previous = new LazyBlur(this.#mask, this.#blur);
  }

  takes(picture: LumaPlane): boolean {
    return picture.widthPx === this.#source.widthPx && picture.heightPx === this.#source.heightPx;
  }

  detect(picture: LumaPicture): Detection {
    const score = this.#changedArea(picture);
    const isMotion = score >= this.#settings.minimalAreaPx;
    return {
      score,
      isMotion,
      boxes: isMotion ? findRegions(this.#mask) : [],
      zones: [],
      analysedWidthPx: this.#analysed.widthPx,
      analysedHeightPx: this.#analysed.heightPx,
    };
  }

  /** Leaves the changed area in `#mask` and counts it. */
  #changedArea(picture: LumaPicture): number {
    [this.#current, this.#previous] = [this.#previous, this.#current];
    this.#take(picture);
    if (this.#isFirst) {
      this.#isFirst = false;
      return 0;
    }
    this.#markChanges();
    dilate(this.#mask, this.#settings.dilateIterations);
    erode(this.#mask, this.#settings.erodeIterations);
    return this.#mask.count();
  }

  /** The picture becomes the current one, expanded and shrunk. */
  #take(picture: LumaPicture): void {
    const { data } = this.#current.picture;
    const full = picture.isFullRange ? picture : this.#expand(picture);
    if (this.#scaler === undefined) copyRows(full, data);
    else this.#scaler.scale(full, data);
    this.#current.renew();
  }

  #expand(picture: LumaPlane): LumaPlane {
    const { widthPx, heightPx } = picture;
    this.#expanded ??= { widthPx, heightPx, stride: widthPx, data: new Uint8Array(widthPx * heightPx) };
    expandLuma(picture, this.#expanded.data);
    return this.#expanded;
  }

  /**
   * Marks where the blurred pictures differ by more than the threshold. A blurred pixel is a rounded weighted mean,
   * so it cannot differ more than the pixels that go into it do: only where one of those differs enough, which is
   * rare in most pictures, is there something to blur.
   */
  #markChanges(): void {
    const [current, previous, mask] = [this.#current, this.#previous, this.#mask];
    const { threshold } = this.#settings;
    markDifference(current.picture.data, previous.picture.data, threshold, mask);
    dilate(mask, this.#blur.radiusPx);
    current.blurWhere(mask);
    previous.blurWhere(mask);
    keepDifference(current.blurred, previous.blurred, threshold, mask);
  }
}

/** Copies a picture as rows of its width without padding. */
function copyRows({ widthPx, heightPx, stride, data }: LumaPlane, target: Uint8Array): void {
  for (let y = 0; y < heightPx; y++) {
    target.set(data.subarray(y * stride, y * stride + widthPx), y * widthPx);
  }
}
