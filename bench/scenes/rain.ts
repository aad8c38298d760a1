import { seededRandom } from '../../src/demo/grain.ts';
import { SCENE_FPS, SCENE_SIZE, type Layer } from './scene.ts';
import type { Wind } from './wind.ts';

/** Streaks of a shower at its strongest, and those near the camera, long and broad. */
const FAR_STREAKS = 350;
const NEAR_STREAKS = 14;
const BRIGHTNESS = 205;

/** Rain whose drops draw bright streaks, anew in each picture; `shower` says how strong it is. */
export function rainLayer(shower: Wind, seed: number): Layer {
  return (luma, seconds) => {
    const strength = shower(seconds);
    const random = seededRandom(seed + Math.round(seconds * SCENE_FPS));
    for (let i = 0; i < FAR_STREAKS * strength; i++) {
      drawStreak(luma, random, { lengthPx: 10 + 20 * random(), widthPx: 1, opacity: 0.2 + 0.25 * random() });
    }
    for (let i = 0; i < NEAR_STREAKS * strength; i++) {
      drawStreak(luma, random, { lengthPx: 50 + 50 * random(), widthPx: 2 + 2 * random(), opacity: 0.3 });
    }
  };
}

function drawStreak(
  luma: Uint8Array,
  random: () => number,
  { lengthPx, widthPx, opacity }: { lengthPx: number; widthPx: number; opacity: number },
): void {
  const { widthPx: width, heightPx: height } = SCENE_SIZE;
  const [left, top] = [random() * width, random() * (height + lengthPx) - lengthPx];
  const slant = 0.12 + 0.05 * random();
  for (let y = Math.max(0, Math.ceil(top)); y < Math.min(height, top + lengthPx); y++) {
    const from = Math.round(left + slant * (y - top));
    for (let x = Math.max(0, from); x < Math.min(width, from + widthPx); x++) {
      const at = y * width + x;
      luma[at] = (luma[at] ?? 0) * (1 - opacity) + BRIGHTNESS * opacity;
    }
  }
}
