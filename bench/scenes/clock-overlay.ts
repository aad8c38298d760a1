import { clockText } from '../../src/demo/burnt-clock.ts';
import { burnText } from '../../src/media/burnt-text.ts';
import { createI420 } from '../../src/media/i420.ts';
import type { Polygon } from '../../src/motion/areas.ts';
import { SCENE_FPS, SCENE_SIZE, type Layer } from './scene.ts';

/** Digits 21 pixels high, as cameras burn them into their sub-stream. */
const PLACE = { leftPx: 18, topPx: 18, dotPx: 3 };

/** What a user would mask: the corner, a little more than the clock. */
const RIGHT = 384 / SCENE_SIZE.widthPx;
const BOTTOM = 51 / SCENE_SIZE.heightPx;
export const CLOCK_MASK: Polygon = [
  { x: 0, y: 0 },
  { x: RIGHT, y: 0 },
  { x: RIGHT, y: BOTTOM },
  { x: 0, y: BOTTOM },
];

/** A large running clock in the corner: time to the tenth, and the picture's number. */
export function clockLayer(): Layer {
  const picture = createI420(SCENE_SIZE.widthPx, SCENE_SIZE.heightPx);
  return (luma, seconds) => {
    picture.y.set(luma);
    burnText(picture, clockText(Math.round(seconds * SCENE_FPS), SCENE_FPS), PLACE);
    luma.set(picture.y);
  };
}
