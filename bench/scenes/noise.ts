import { seededRandom } from '../../src/demo/grain.ts';
import type { Layer } from './scene.ts';
import { SCENE_FPS } from './scene.ts';

const TABLE = 2 ** 17;

/** A sensor's noise: each pixel of each picture by itself, bell-shaped with a standard deviation of `deviation` steps. */
export function noiseLayer(deviation: number, seed: number): Layer {
  const random = seededRandom(seed);
  // The sum of twelve uniform numbers has a variance of 1.
  const bell = () => Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6);
  const table = Int8Array.from({ length: TABLE }, () => Math.round(bell() * deviation));
  return (luma, seconds) => {
    const start = seededRandom(seed + 1 + Math.round(seconds * SCENE_FPS));
    let at = 0;
    for (let i = 0; i < luma.length; i++) {
      // From anywhere in the table for every few rows.
      if (i % 1999 === 0) at = Math.floor(start() * TABLE);
      luma[i] = Math.min(235, Math.max(16, (luma[i] ?? 0) + (table[at] ?? 0)));
      at = (at + 1) % TABLE;
    }
  };
}
