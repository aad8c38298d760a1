import { rgb, type Colour } from '../media/i420.ts';
import type { Painter } from './painter.ts';
import { capsule, convex, ellipse, type Extent, type Shape } from './shape.ts';

/** Someone walks through the yard this often, counted from the start of the loop. */
export const WALK_PERIOD_SECONDS = 20;
/** The walk begins this long after the period's start, behind the picture's edge. */
export const WALK_START_SECONDS = 6;
/** From behind one edge to behind the other. */
export const WALK_LENGTH_SECONDS = 7;

/** Height of the figure in units of the painting. */
const HEIGHT = 330;
/** The line on the path that the feet touch. */
export const FOOT_LINE = 872;
/** Half the widest stretch of the figure, arms and stride included. */
const REACH = 105;
/** Way of a full walking cycle, two steps. */
export const STRIDE = 250;

const COATS: readonly [Colour, ...Colour[]] = [rgb(0xc8452f), rgb(0x2f5fa8), rgb(0xe0a92e)];

/** Someone on the path at one moment. */
export interface Walker {
  /** Centre of the figure in units of the painting. */
  readonly x: number;
  /** 1 walks to the right, -1 to the left. */
  readonly direction: 1 | -1;
  /** Radians of the walking cycle; two steps are a full turn. */
  readonly phase: number;
  readonly coat: Colour;
}

/**
 * Who is on the path `seconds` into a loop of `loopSeconds`. A walk that the loop's end would cut short does not
 * take place.
 */
export function walkerAt(seconds: number, loopSeconds: number, paintingWidth: number): Walker | undefined {
  const walk = Math.floor(seconds / WALK_PERIOD_SECONDS);
  const begins = walk * WALK_PERIOD_SECONDS + WALK_START_SECONDS;
  const progress = (seconds - begins) / WALK_LENGTH_SECONDS;
  if (progress < 0 || progress >= 1 || begins + WALK_LENGTH_SECONDS > loopSeconds) return undefined;
  const covered = progress * (paintingWidth + 2 * REACH);
  const direction = walk % 2 === 0 ? 1 : -1;
  return {
    x: direction === 1 ? covered - REACH : paintingWidth + REACH - covered,
    direction,
    phase: (covered / STRIDE) * 2 * Math.PI,
    coat: COATS[walk % COATS.length] ?? COATS[0],
  };
}

/** Paints the figure; what it changes lies inside `walkerExtent`. */
export function paintWalker(painter: Pick<Painter, 'fill'>, walker: Walker): void {
  for (const { shape, colour, isShadow } of partsOf(walker)) {
    painter.fill(shape, colour, isShadow ? { opacity: 0.35, softness: SHADOW_SOFTNESS } : {});
  }
}

/** The smallest rectangle around all that `paintWalker` changes, shadow included, up to one pixel. */
export function walkerExtent(walker: Walker): Extent {
  let extent = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { shape, isShadow } of partsOf(walker)) {
    // A fading edge reaches half its width outwards.
    const margin = isShadow ? SHADOW_SOFTNESS / 2 : 0;
    extent = {
      left: Math.min(extent.left, shape.extent.left - margin),
      top: Math.min(extent.top, shape.extent.top - margin),
      right: Math.max(extent.right, shape.extent.right + margin),
      bottom: Math.max(extent.bottom, shape.extent.bottom + margin),
    };
  }
  return extent;
}

const SHADOW_SOFTNESS = 12;

interface Part {
  readonly shape: Shape;
  readonly colour: Colour;
  readonly isShadow: boolean;
}

function partsOf(walker: Walker): Part[] {
  const { x, direction, phase, coat } = walker;
  const trousers = rgb(0x3b3f52);
  const skin = rgb(0xe2b08c);
  const darker = (colour: Colour, by: number): Colour => ({ ...colour, y: colour.y - by });
  const hipY = FOOT_LINE - HEIGHT * 0.49 - Math.abs(Math.cos(phase)) * 5;
  const shoulderY = hipY - HEIGHT * 0.31;
  const neckX = x + direction * 7;
  const headY = shoulderY - HEIGHT * 0.105;
  return [
    { shape: ellipse(x, FOOT_LINE + 6, 66, 12), colour: rgb(0x3a3226), isShadow: true },
    ...leg(x, hipY, phase + Math.PI, direction, darker(trousers, 10)),
    ...arm(neckX, shoulderY, phase, direction, darker(coat, 22), darker(skin, 14)),
    ...leg(x, hipY, phase, direction, trousers),
    part(capsule(neckX, shoulderY + 8, x, hipY + 4, 25, 29), coat),
    part(
      convex([
        [x - 27, hipY - 20],
        [x + 27, hipY - 20],
        [x + 34, hipY + 34],
        [x - 34, hipY + 34],
      ]),
      darker(coat, 7),
    ),
    part(capsule(neckX, shoulderY, neckX + direction * 4, headY + 10, 10, 10), skin),
    part(ellipse(neckX + direction * 6, headY, 21, 25), skin),
    part(
      capsule(neckX - direction * 9, headY - 12, neckX + direction * 14, headY - 17, 16, 11),
      rgb(0x4a3728),
    ),
    part(capsule(neckX - 16, shoulderY - 7, neckX + 18, shoulderY - 7, 8, 8), rgb(0xf2ead8)),
    ...arm(neckX, shoulderY, phase + Math.PI, direction, darker(coat, 12), skin),
  ];
}

function part(shape: Shape, colour: Colour): Part {
  return { shape, colour, isShadow: false };
}

function leg(hipX: number, hipY: number, phase: number, direction: 1 | -1, colour: Colour): Part[] {
  const thigh = 0.5 * Math.sin(phase);
  // The knee bends while the leg swings forward.
  const shin = thigh - 0.85 * Math.max(0, Math.cos(phase)) - 0.1;
  const kneeX = hipX + direction * Math.sin(thigh) * HEIGHT * 0.245;
  const kneeY = hipY + Math.cos(thigh) * HEIGHT * 0.245;
  const heelX = kneeX + direction * Math.sin(shin) * HEIGHT * 0.225;
  const heelY = kneeY + Math.cos(shin) * HEIGHT * 0.225;
  return [
    part(capsule(hipX, hipY, kneeX, kneeY, 21, 16), colour),
    part(capsule(kneeX, kneeY, heelX, heelY, 16, 11), colour),
    part(capsule(heelX, heelY, heelX + direction * 22, heelY + 4, 10, 8), rgb(0x4b3326)),
  ];
}

function arm(
  shoulderX: number,
  shoulderY: number,
  phase: number,
  direction: 1 | -1,
  sleeve: Colour,
  hand: Colour,
): Part[] {
  const upper = 0.55 * Math.sin(phase);
  const fore = upper + 0.35;
  const elbowX = shoulderX + direction * Math.sin(upper) * HEIGHT * 0.17;
  const elbowY = shoulderY + 6 + Math.cos(upper) * HEIGHT * 0.17;
  const wristX = elbowX + direction * Math.sin(fore) * HEIGHT * 0.14;
  const wristY = elbowY + Math.cos(fore) * HEIGHT * 0.14;
  return [
    part(ellipse(wristX + direction * 3, wristY + 9, 9, 10), hand),
    part(capsule(shoulderX, shoulderY + 6, elbowX, elbowY, 14, 12), sleeve),
    part(capsule(elbowX, elbowY, wristX, wristY, 12, 9), sleeve),
  ];
}
