import { createI420, rgb, type Colour } from '../../src/media/i420.ts';
import { Painter, PAINTING_HEIGHT, type Brush } from '../../src/demo/painter.ts';
import type { Shape } from '../../src/demo/shape.ts';
import { FOOT_LINE, paintWalker, STRIDE, walkerExtent, type Walker } from '../../src/demo/walker.ts';
import type { Box } from '../../src/motion/detector.ts';
import { SCENE_SIZE, type Layer, type Passage } from './scene.ts';

/** How someone walks through the picture. */
export interface Walk {
  /** Height against that of the demo yard's walker, who is a third of the picture. */
  readonly scale: number;
  /** Where the feet are, in units of the painting (a thousandth of the picture's height). */
  readonly footLine: number;
  /** Against an ordinary pace of about 1.4 m/s. */
  readonly pace: number;
}

/** 43 % of the picture high. */
export const NEAR: Walk = { scale: 1.3, footLine: 930, pace: 1 };
export const MIDDLE: Walk = { scale: 0.75, footLine: 790, pace: 1 };
/** 38 pixels high, at the fence. */
export const FAR: Walk = { scale: 0.32, footLine: 640, pace: 1 };
/** At a fifth of the pace. */
export const SLOW: Walk = { scale: 0.75, footLine: 790, pace: 0.2 };

const UNITS_PER_PX = PAINTING_HEIGHT / SCENE_SIZE.heightPx;
const PAINTING_WIDTH = SCENE_SIZE.widthPx * UNITS_PER_PX;
/** Of the unscaled figure: 1.4 m/s for one that is 1.75 m high. */
const UNITS_PER_SECOND = 264;
/** Bright and dull, light and dark; the fourth is hard to tell from the lawn. */
const COATS: readonly Colour[] = [0xc8452f, 0x2f5fa8, 0x8c8f86, 0x6f8a5c, 0x33363d].map((hex) => rgb(hex));

/** Someone who walks through the picture once, beginning at the edge. */
export class PassingWalker implements Passage {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly #walk: Walk;
  readonly #direction: 1 | -1;
  readonly #coat: Colour;

  /** @param number odd ones walk to the left, and coats take turns. */
  constructor(walk: Walk, fromSeconds: number, number: number) {
    this.#walk = walk;
    this.fromSeconds = fromSeconds;
    this.toSeconds = fromSeconds + PAINTING_WIDTH / (UNITS_PER_SECOND * walk.scale * walk.pace);
    this.#direction = number % 2 === 0 ? 1 : -1;
    this.#coat = COATS[number % COATS.length] ?? rgb(0);
  }

  boxAt(seconds: number): Box | undefined {
    if (seconds < this.fromSeconds || seconds > this.toSeconds) return undefined;
    const extent = walkerExtent(this.#walkerAt(seconds));
    const [left, top] = [this.#toX(extent.left), this.#toY(extent.top)];
    return { x: left, y: top, width: this.#toX(extent.right) - left, height: this.#toY(extent.bottom) - top };
  }

  paint(painter: Painter, seconds: number): void {
    // Half a figure more on both sides, so that it does not pop up.
    const margin = (this.toSeconds - this.fromSeconds) / 8;
    if (seconds < this.fromSeconds - margin || seconds > this.toSeconds + margin) return;
    paintWalker(
      { fill: (shape, colour, brush) => this.#fill(painter, shape, colour, brush) },
      this.#walkerAt(seconds),
    );
  }

  /** In units before scaling, x counted from the picture's left edge. */
  #walkerAt(seconds: number): Walker {
    const progress = (seconds - this.fromSeconds) / (this.toSeconds - this.fromSeconds);
    const width = PAINTING_WIDTH / this.#walk.scale;
    const covered = progress * width;
    return {
      x: this.#direction === 1 ? covered : width - covered,
      direction: this.#direction,
      phase: (covered / STRIDE) * 2 * Math.PI,
      coat: this.#coat,
    };
  }

  #fill(painter: Painter, shape: Shape, colour: Colour, brush: Brush = {}): void {
    const { softness } = brush;
    const scaled = softness === undefined ? brush : { ...brush, softness: softness * this.#walk.scale };
    painter.fill(this.#scaled(shape), colour, scaled);
  }

  #scaled(shape: Shape): Shape {
    const { left, top, right, bottom } = shape.extent;
    const { scale, footLine } = this.#walk;
    const toY = (y: number) => (y - FOOT_LINE) * scale + footLine;
    return {
      extent: { left: left * scale, right: right * scale, top: toY(top), bottom: toY(bottom) },
      distance: (x, y) => scale * shape.distance(x / scale, (y - footLine) / scale + FOOT_LINE),
    };
  }

  #toX(x: number): number {
    return (x * this.#walk.scale) / UNITS_PER_PX;
  }

  #toY(y: number): number {
    return ((y - FOOT_LINE) * this.#walk.scale + this.#walk.footLine) / UNITS_PER_PX;
  }
}

/** Someone walks by every `everySeconds` from `firstSeconds` on, the walks in turn, as long as there is time. */
export function walkersEvery(
  everySeconds: number,
  firstSeconds: number,
  untilSeconds: number,
  walks: readonly Walk[],
): PassingWalker[] {
  const walkers: PassingWalker[] = [];
  for (let at = firstSeconds; at < untilSeconds; at += everySeconds) {
    const walk = walks[walkers.length % walks.length];
    if (walk === undefined) break;
    const walker = new PassingWalker(walk, at, walkers.length);
    if (walker.toSeconds < untilSeconds) walkers.push(walker);
  }
  return walkers;
}

export function walkersLayer(walkers: readonly PassingWalker[]): Layer {
  const picture = createI420(SCENE_SIZE.widthPx, SCENE_SIZE.heightPx);
  const painter = new Painter(picture);
  return (luma, seconds) => {
    picture.y.set(luma);
    for (const walker of walkers) walker.paint(painter, seconds);
    luma.set(picture.y);
  };
}
