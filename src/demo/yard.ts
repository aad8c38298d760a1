import { burnText } from '../media/burnt-text.ts';
import { copyI420, createI420, type I420Picture } from '../media/i420.ts';
import { paintGrounds, paintSky } from './backdrop.ts';
import { clockText } from './burnt-clock.ts';
import { Clouds } from './clouds.ts';
import { Foliage } from './foliage.ts';
import { seededRandom } from './grain.ts';
import { Painter, PAINTING_HEIGHT } from './painter.ts';
import { paintWalker, walkerAt, walkerExtent } from './walker.ts';

/** Raised whenever the drawing changes, so that clips drawn before are not taken for the present yard. */
export const YARD_VERSION = 1;

/** What a yard looks like and how long it goes before it repeats. */
export interface YardOptions {
  /** Even, in pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rateFps: number;
  readonly loopSeconds: number;
  /** Any whole number; different numbers look like different yards. */
  readonly variant: number;
  /** Nobody walks through it. */
  readonly isDeserted?: boolean;
}

/** What is really to be seen on one frame. */
export interface YardTruth {
  /** Since the loop's start. */
  readonly seconds: number;
  /** Box of the one who walks, shadow included, in pixels and cut at the picture's edges; undefined when nobody is there. */
  readonly walker:
    { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | undefined;
}

/** Few noisy copies of the backdrop, shown in turn, look like sensor noise and cost one copy a frame. */
const NOISE_COPIES = 5;

/** Frames in one turn of the loop. */
export function yardFrames(options: YardOptions): number {
  return Math.round(options.loopSeconds * options.rateFps);
}

/** Frame numbers count from the loop's start; those past its end are taken as of its next turn. */
export function yardTruth(options: YardOptions, frame: number): YardTruth {
  const seconds = (frame % yardFrames(options)) / options.rateFps;
  const unitsPerPixel = PAINTING_HEIGHT / options.heightPx;
  const walker = walkerIn(options, seconds, options.widthPx * unitsPerPixel);
  if (walker === undefined) return { seconds, walker: undefined };
  const extent = walkerExtent(walker);
  const left = Math.max(0, Math.floor(extent.left / unitsPerPixel));
  const top = Math.max(0, Math.floor(extent.top / unitsPerPixel));
  const right = Math.min(options.widthPx, Math.ceil(extent.right / unitsPerPixel));
  const bottom = Math.min(options.heightPx, Math.ceil(extent.bottom / unitsPerPixel));
  if (right <= left || bottom <= top) return { seconds, walker: undefined };
  return { seconds, walker: { x: left, y: top, width: right - left, height: bottom - top } };
}

function walkerIn({ isDeserted = false, loopSeconds }: YardOptions, seconds: number, paintingWidth: number) {
  return isDeserted ? undefined : walkerAt(seconds, loopSeconds, paintingWidth);
}

/** A small illustrated yard: still house, fence and tree, moving leaves and clouds, and now and then someone passing. */
export class Yard {
  readonly #options: YardOptions;
  readonly #backdrops: readonly I420Picture[];
  readonly #clouds: Clouds;
  readonly #foliage: Foliage;
  readonly #picture: I420Picture;
  readonly #painter: Painter;

  constructor(options: YardOptions) {
    this.#options = options;
    this.#picture = createI420(options.widthPx, options.heightPx);
    this.#painter = new Painter(this.#picture);
    const sky = createI420(options.widthPx, options.heightPx);
    paintSky(new Painter(sky), options.variant);
    const still = createI420(options.widthPx, options.heightPx);
    copyI420(sky, still);
    paintGrounds(new Painter(still), options.variant);
    this.#clouds = new Clouds(sky, still, options.loopSeconds);
    const random = seededRandom(options.variant + 51);
    this.#backdrops = Array.from({ length: NOISE_COPIES }, () => addNoise(still, random));
    this.#foliage = new Foliage(this.#painter.width, options.loopSeconds, options.variant);
  }

  /** Draws one frame of the loop. The picture belongs to the yard and is overwritten by the next call. */
  draw(frame: number): I420Picture {
    const { rateFps } = this.#options;
    const inLoop = frame % yardFrames(this.#options);
    const seconds = inLoop / rateFps;
    // Steps of three also alternate for a viewer that takes every second, third or fourth frame.
    const backdrop = this.#backdrops[(inLoop * 3) % NOISE_COPIES];
    if (backdrop !== undefined) copyI420(backdrop, this.#picture);
    this.#clouds.paint(this.#picture, seconds);
    this.#foliage.paint(this.#painter, seconds);
    const walker = walkerIn(this.#options, seconds, this.#painter.width);
    if (walker !== undefined) paintWalker(this.#painter, walker);
    burnText(this.#picture, clockText(inLoop, rateFps));
    return this.#picture;
  }
}

function addNoise(still: I420Picture, random: () => number): I420Picture {
  const noisy = createI420(still.widthPx, still.heightPx);
  copyI420(still, noisy);
  for (let at = 0; at < noisy.y.length; at++) {
    // The sum of two uniform numbers: a triangle over -1.6..1.6 luma steps.
    noisy.y[at] = Math.round((noisy.y[at] ?? 0) + (random() + random() - 1) * 1.6);
  }
  return noisy;
}
