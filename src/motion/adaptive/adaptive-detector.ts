import { WHOLE_PICTURE, type AreaSettings } from '../areas.ts';
import { BitMask } from '../bit-mask.ts';
import { findContours } from '../contours.ts';
import type { Detection, DetectionStages, LumaPicture, LumaPlane, MotionDetector } from '../detector.ts';
import { PixelWeights } from '../pixel-weights.ts';
import { scaledSize, type ScaledSize } from '../scale-area.ts';
import { WatchedAreas } from '../watched-areas.ts';
import {
  checkAdaptiveSettings,
  DEFAULT_ADAPTIVE_SETTINGS,
  type AdaptiveSettings,
} from './adaptive-settings.ts';
import type { Background, BackgroundOptions } from './background.ts';
import { connectedRegions, type Region } from './connected-regions.ts';
import { lightDrift } from './light-drift.ts';
import { PlainBackground } from './plain-background.ts';

/** More foreground than this is another scene: the light was switched, the camera turned. */
const MOST_FOREGROUND_PERCENT = 60;
/** So many pictures of a new scene never alarm. */
const HOLD_PICTURES = 5;
/** So many pictures of a new scene are learned from in haste, what moves in it all the time being new. */
const HASTY_PICTURES = 25;
/** Only every so many pictures modes are forgotten, so that leaves are known again after a lull. */
const FORGETTING_INTERVAL = 16;

/**
 * Motion as what stands out from a background that learns: leaves, rain and a camera's trembling become part of it. The
 * score is the area of all regions that count, in hundredths of a per cent of the picture, each pixel as often as it
 * weighs.
 */
export class AdaptiveDetector implements MotionDetector {
  readonly #settings: AdaptiveSettings;
  readonly #areas: AreaSettings;
  readonly #newBackground: (options: BackgroundOptions) => Background;
  #scene: Scene | undefined;

  /**
   * @param newBackground makes a background that equals the plain one.
   * @throws MotionSettingError for a setting outside its range.
   */
  constructor(
    settings: AdaptiveSettings = DEFAULT_ADAPTIVE_SETTINGS,
    areas: AreaSettings = WHOLE_PICTURE,
    newBackground: (options: BackgroundOptions) => Background = (options) => new PlainBackground(options),
  ) {
    checkAdaptiveSettings(settings);
    this.#settings = settings;
    this.#areas = areas;
    this.#newBackground = newBackground;
  }

  detect(picture: LumaPicture): Detection {
    return this.#sceneFor(picture).detect(picture);
  }

  stages(): DetectionStages | undefined {
    return this.#scene?.stages();
  }

  reset(): void {
    this.#scene?.reset();
  }

  [Symbol.dispose](): void {
    this.#scene?.[Symbol.dispose]();
    this.#scene = undefined;
  }

  #sceneFor(picture: LumaPicture): Scene {
    if (this.#scene?.takes(picture) === true) return this.#scene;
    this[Symbol.dispose]();
    this.#scene = new Scene(picture, this.#settings, this.#areas, this.#newBackground);
    return this.#scene;
  }
}

/** What is seen in pictures of one size. */
class Scene implements Disposable {
  readonly #source: ScaledSize;
  readonly #analysed: ScaledSize;
  readonly #watched: BitMask | undefined;
  readonly #watchedPx: number;
  readonly #weights: PixelWeights;
  readonly #minimalAreaPx: number;
  readonly #background: Background;
  /** Those of the last picture that count. */
  #regions: readonly Region[] = [];
  /** Since the scene began; 0 before the first one. */
  #pictures = 0;

  constructor(
    { widthPx, heightPx }: ScaledSize,
    { analysedWidthPx, minimalPercent }: AdaptiveSettings,
    areas: AreaSettings,
    newBackground: (options: BackgroundOptions) => Background,
  ) {
    this.#source = { widthPx, heightPx };
    this.#analysed = scaledSize(widthPx, heightPx, analysedWidthPx);
    const watchedAreas = new WatchedAreas(areas, this.#analysed.widthPx, this.#analysed.heightPx);
    const { watched } = watchedAreas;
    this.#watched = watched;
    this.#watchedPx = watched?.count() ?? this.#sizePx;
    this.#weights = new PixelWeights(watchedAreas);
    this.#minimalAreaPx = (this.#sizePx * minimalPercent) / 100;
    this.#background = newBackground({ source: this.#source, analysed: this.#analysed, watched });
  }

  takes(picture: LumaPlane): boolean {
    return picture.widthPx === this.#source.widthPx && picture.heightPx === this.#source.heightPx;
  }

  detect(picture: LumaPicture): Detection {
    this.#background.take(picture);
    if (this.#pictures === 0) return this.#begin();
    const isHeld = this.#pictures < HOLD_PICTURES;
    if (this.#isOther()) return { ...this.#begin(), ...(isHeld ? {} : { isSceneChange: true }) };
    return this.#judge(isHeld ? [] : this.#regionsThatCount());
  }

  stages(): DetectionStages | undefined {
    if (this.#pictures === 0) return undefined;
    const { widthPx, heightPx } = this.#analysed;
    const mask = new BitMask(widthPx, heightPx);
    for (const region of this.#regions) region.markOn(mask);
    const changed = this.#background.foreground();
    if (this.#watched !== undefined) changed.keep(this.#watched);
    const contours = findContours(mask);
    return { widthPx, heightPx, changed: changed.toBytes(), mask: mask.toBytes(), contours };
  }

  reset(): void {
    this.#pictures = 0;
  }

  [Symbol.dispose](): void {
    this.#background[Symbol.dispose]();
  }

  #begin(): Detection {
    this.#background.begin();
    this.#pictures = 1;
    return this.#judge([]);
  }

  /** Learns from the picture. @returns whether it shows another scene. */
  #isOther(): boolean {
    const drift = lightDrift(this.#background.offsets());
    if (drift !== 0) this.#background.brighten(drift);
    const isHasty = this.#pictures < HASTY_PICTURES;
    const isForgetting = this.#pictures % FORGETTING_INTERVAL === 0;
    const foregroundPx = this.#background.learn(isHasty, isForgetting);
    this.#pictures++;
    return 100 * foregroundPx > MOST_FOREGROUND_PERCENT * this.#watchedPx;
  }

  #regionsThatCount(): Region[] {
    const mask = this.#background.joinedForeground();
    if (this.#watched !== undefined) mask.keep(this.#watched);
    return connectedRegions(mask).filter((region) => this.#weights.ofPicture(region) >= this.#minimalAreaPx);
  }

  #judge(regions: readonly Region[]): Detection {
    const { widthPx: analysedWidthPx, heightPx: analysedHeightPx } = this.#analysed;
    this.#regions = regions;
    const weighedPx = sum(regions, (region) => this.#weights.ofPicture(region));
    return {
      score: Math.floor((10_000 * weighedPx) / this.#sizePx),
      isMotion: regions.length > 0,
      boxes: regions.map(({ box }) => box),
      zones: regions.length > 0 ? this.#movedZones(regions) : [],
      analysedWidthPx,
      analysedHeightPx,
    };
  }

  #movedZones(regions: readonly Region[]): string[] {
    return this.#weights.zones
      .filter((zone) => sum(regions, (region) => this.#weights.ofZone(region, zone)) >= this.#minimalAreaPx)
      .map(({ name }) => name);
  }

  get #sizePx(): number {
    return this.#analysed.widthPx * this.#analysed.heightPx;
  }
}

function sum(regions: readonly Region[], weigh: (region: Region) => number): number {
  return regions.reduce((total, region) => total + weigh(region), 0);
}
