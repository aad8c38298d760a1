import { burnText, clockText } from '../../src/demo/burnt-clock.ts';
import { createI420 } from '../../src/demo/i420.ts';
import type { Polygon } from '../../src/motion/areas.ts';
import { SCENE_FPS, SCENE_SIZE, type Layer } from './scene.ts';

/** The clock is drawn so many times larger than the demo's, as cameras do in their sub-stream. */
const SCALE = 3;
/** What the demo's clock covers, from the corner. */
const CLOCK = { widthPx: 128, heightPx: 17 };

/** What a user would mask. */
export const CLOCK_MASK: Polygon = rectangleFromCorner(
  (SCALE * CLOCK.widthPx) / SCENE_SIZE.widthPx,
  (SCALE * CLOCK.heightPx) / SCENE_SIZE.heightPx,
);

/** A large running clock in the corner: time of day to the tenth, and the picture's number. */
export function clockLayer(): Layer {
  const small = createI420(SCENE_SIZE.widthPx, SCENE_SIZE.heightPx);
  return (luma, seconds) => {
    small.y.fill(0);
    burnText(small, clockText(Math.round(seconds * SCENE_FPS), SCENE_FPS));
    for (let y = 0; y < SCALE * CLOCK.heightPx; y++) {
      for (let x = 0; x < SCALE * CLOCK.widthPx; x++) {
        const dot = small.y[Math.floor(y / SCALE) * SCENE_SIZE.widthPx + Math.floor(x / SCALE)] ?? 0;
        if (dot !== 0) luma[y * SCENE_SIZE.widthPx + x] = dot;
      }
    }
  };
}

function rectangleFromCorner(right: number, bottom: number): Polygon {
  return [
    { x: 0, y: 0 },
    { x: right, y: 0 },
    { x: right, y: bottom },
    { x: 0, y: bottom },
  ];
}
