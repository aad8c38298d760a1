import { bilinear } from './resample.ts';
import { SCENE_SIZE, type Layer } from './scene.ts';
import type { Wind } from './wind.ts';

/** A camera on a mast that the wind shakes: all of the picture moves, up to `reachPx` to each side. */
export function shakeLayer(wind: Wind, reachPx: number): Layer {
  const { widthPx, heightPx } = SCENE_SIZE;
  const still = new Uint8Array(widthPx * heightPx);
  return (luma, seconds) => {
    const reach = reachPx * wind(seconds);
    const turn = (hertz: number) => Math.sin(2 * Math.PI * hertz * seconds);
    const [dx, dy] = [reach * (0.6 * turn(1.37) + 0.4 * turn(3.71)), 0.6 * reach * turn(2.13)];
    still.set(luma);
    for (let y = 0; y < heightPx; y++) {
      const fromY = Math.min(heightPx - 1.001, Math.max(0, y + dy));
      for (let x = 0; x < widthPx; x++) {
        const fromX = Math.min(widthPx - 1.001, Math.max(0, x + dx));
        luma[y * widthPx + x] = bilinear(still, widthPx, fromX, fromY) + 0.5;
      }
    }
  };
}
