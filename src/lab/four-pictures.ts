import type { DecodedPicture } from '../decode/decoder.ts';
import { burnText } from '../media/burnt-text.ts';
import { createI420, rgb, type I420Picture } from '../media/i420.ts';
import type { DetectionStages } from '../motion/detector.ts';
import type { Moment } from './lane.ts';

/** Draws how a detector saw a picture. The next drawing overwrites the result. */
export interface Drawing {
  draw(picture: DecodedPicture, moment: Moment): I420Picture;
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Narrower pictures are enlarged, so that the label fits. */
const LEAST_WIDTH_PX = 320;
const WHITE_LUMA = 235;
const BLACK_LUMA = 16;
const GREY_CHROMA = 128;
const RED = rgb(0xff0000);

/**
 * How a detector came to its decision, as four pictures in one: the source with the alarm's label, what changed, the
 * mask made of it with its score, and the source with the contours in red.
 */
export class FourPictures implements Drawing {
  readonly #source: I420Picture;
  readonly #all: I420Picture;

  /** @param analysed the size at which the detector looks at pictures. */
  constructor(analysed: Size) {
    const scale = Math.max(1, Math.ceil(LEAST_WIDTH_PX / analysed.widthPx));
    const [widthPx, heightPx] = [evenUp(analysed.widthPx * scale), evenUp(analysed.heightPx * scale)];
    this.#source = createI420(widthPx, heightPx);
    this.#all = createI420(2 * widthPx, 2 * heightPx);
  }

  draw(picture: DecodedPicture, { sample, stages, secondsLeft }: Moment): I420Picture {
    picture.readI420(this.#source);
    const { widthPx, heightPx } = this.#source;
    const all = this.#all;
    paste(this.#source, all, 0, 0);
    this.#paintMask(stages?.changed, stages, widthPx, 0);
    this.#paintMask(stages?.mask, stages, 0, heightPx);
    paste(this.#source, all, widthPx, heightPx);
    if (stages !== undefined) this.#paintContours(stages);
    const dotPx = dotOf(this.#source);
    burnAlarm(all, secondsLeft, dotPx);
    burnText(all, `SCORE ${Number(sample.score.toFixed(2))}`, {
      leftPx: 6 * dotPx,
      topPx: heightPx + 6 * dotPx,
      dotPx,
    });
    return all;
  }

  /** Marked pixels white, others black, in the quarter whose top left corner is given. */
  #paintMask(mask: Uint8Array | undefined, size: Size | undefined, left: number, top: number): void {
    const { widthPx, heightPx } = this.#source;
    const all = this.#all;
    const columns = columnsOf(size?.widthPx ?? 0, widthPx);
    for (let y = 0; y < heightPx; y++) {
      const to = (top + y) * all.widthPx + left;
      all.y.fill(BLACK_LUMA, to, to + widthPx);
      if (mask === undefined || size === undefined) continue;
      const from = Math.floor((y * size.heightPx) / heightPx) * size.widthPx;
      for (let x = 0; x < widthPx; x++) {
        if (mask[from + (columns[x] ?? 0)] !== 0) all.y[to + x] = WHITE_LUMA;
      }
    }
    for (let y = top / 2; y < (top + heightPx) / 2; y++) {
      const from = (y * all.widthPx) / 2 + left / 2;
      all.u.fill(GREY_CHROMA, from, from + widthPx / 2);
      all.v.fill(GREY_CHROMA, from, from + widthPx / 2);
    }
  }

  /** In the last quarter. */
  #paintContours(stages: DetectionStages): void {
    const { widthPx, heightPx } = this.#source;
    const x = (column: number) => widthPx + ((column + 0.5) * widthPx) / stages.widthPx;
    const y = (row: number) => heightPx + ((row + 0.5) * heightPx) / stages.heightPx;
    for (const { points } of stages.contours) {
      let [fromX, fromY] = [x(points.at(-2) ?? 0), y(points.at(-1) ?? 0)];
      for (let i = 0; i < points.length; i += 2) {
        const [toX, toY] = [x(points[i] ?? 0), y(points[i + 1] ?? 0)];
        this.#paintLine(fromX, fromY, toX, toY);
        [fromX, fromY] = [toX, toY];
      }
    }
  }

  #paintLine(x0: number, y0: number, x1: number, y1: number): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let step = 0; step <= steps; step++) {
      const share = step / steps;
      paintRed(this.#all, Math.floor(x0 + (x1 - x0) * share), Math.floor(y0 + (y1 - y0) * share));
    }
  }
}

/** Above this, plain pictures are shrunk. */
const MOST_PLAIN_WIDTH_PX = 1920;

/** The source alone, with the alarm's label. */
export class PlainPicture implements Drawing {
  #picture: I420Picture | undefined;

  draw(picture: DecodedPicture, { secondsLeft }: Moment): I420Picture {
    this.#picture ??= createFor(picture.readLuma());
    picture.readI420(this.#picture);
    burnAlarm(this.#picture, secondsLeft, dotOf(this.#picture));
    return this.#picture;
  }
}

function createFor({ widthPx, heightPx }: Size): I420Picture {
  const share = Math.min(1, MOST_PLAIN_WIDTH_PX / widthPx);
  return createI420(evenUp(Math.round(widthPx * share)), evenUp(Math.max(1, Math.round(heightPx * share))));
}

/** In the top left corner, as long as an event goes on. */
function burnAlarm(picture: I420Picture, secondsLeft: number | undefined, dotPx: number): void {
  if (secondsLeft === undefined) return;
  burnText(picture, `MOTION DETECTED [${secondsLeft}]`, { leftPx: 6 * dotPx, topPx: 6 * dotPx, dotPx });
}

/** How many pixels a dot of the letters takes. */
function dotOf({ heightPx }: Size): number {
  return Math.max(1, Math.round(heightPx / 180));
}

function evenUp(sizePx: number): number {
  return sizePx + (sizePx % 2);
}

/** Which column of a mask each column of the picture shows. */
function columnsOf(maskWidthPx: number, widthPx: number): Uint16Array {
  return Uint16Array.from({ length: widthPx }, (_, x) => Math.floor((x * maskWidthPx) / widthPx));
}

/** The four pixels that share their colour with this one. */
function paintRed({ widthPx, y: luma, u, v }: I420Picture, x: number, y: number): void {
  const [left, top] = [x - (x % 2), y - (y % 2)];
  luma.fill(RED.y, top * widthPx + left, top * widthPx + left + 2);
  luma.fill(RED.y, (top + 1) * widthPx + left, (top + 1) * widthPx + left + 2);
  const chroma = ((top / 2) * widthPx) / 2 + left / 2;
  u[chroma] = RED.u;
  v[chroma] = RED.v;
}

/** Copies a picture into a larger one; the corner's coordinates are even. */
function paste(from: I420Picture, to: I420Picture, left: number, top: number): void {
  pastePlane(from.y, from.widthPx, to.y, to.widthPx, top * to.widthPx + left);
  const corner = ((top / 2) * to.widthPx) / 2 + left / 2;
  pastePlane(from.u, from.widthPx / 2, to.u, to.widthPx / 2, corner);
  pastePlane(from.v, from.widthPx / 2, to.v, to.widthPx / 2, corner);
}

function pastePlane(from: Uint8Array, width: number, to: Uint8Array, stride: number, corner: number): void {
  for (let row = 0; row * width < from.length; row++) {
    to.set(from.subarray(row * width, (row + 1) * width), corner + row * stride);
  }
}
