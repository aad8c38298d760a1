import { smoothGrain } from '../../src/demo/grain.ts';
import { SCENE_SIZE, type Layer } from './scene.ts';

const BLACK = 16;

/** All light is so strong at a time, 1 as drawn. */
export function lightLayer(strength: (seconds: number) => number): Layer {
  return (luma, seconds) => {
    const factor = strength(seconds);
    const lit = Uint8Array.from({ length: 256 }, (_, y) =>
      Math.min(235, Math.max(BLACK, Math.round(BLACK + (y - BLACK) * factor))),
    );
    for (let i = 0; i < luma.length; i++) luma[i] = lit[luma[i] ?? 0] ?? 0;
  };
}

/** Clouds before the sun: the light goes down and up by up to a third, within 3 to 8 s. */
export function cloudyLight(seed: number): (seconds: number) => number {
  return (seconds) => 0.83 + 0.17 * Math.max(-1, Math.min(1, 2 * smoothGrain(seconds, 0, 9, seed)));
}

/** A lamp that lights its surroundings while it is on, in pixels. */
export function lampLayer(
  lamp: { readonly x: number; readonly y: number; readonly reach: number },
  isOn: (seconds: number) => boolean,
): Layer {
  const { widthPx, heightPx } = SCENE_SIZE;
  const gains = Float32Array.from({ length: widthPx * heightPx }, (_, i) => {
    const distance = Math.hypot((i % widthPx) - lamp.x, Math.floor(i / widthPx) - lamp.y);
    return 1 + 0.9 * Math.exp(-((distance / lamp.reach) ** 2));
  });
  return (luma, seconds) => {
    if (!isOn(seconds)) return;
    for (let i = 0; i < luma.length; i++) {
      luma[i] = Math.min(235, BLACK + ((luma[i] ?? 0) - BLACK) * (gains[i] ?? 1));
    }
  };
}

/**
 * A camera that switches between day and night, where infrared light makes leaves and fabrics bright and the sky black:
 * dark for an instant, then another picture.
 */
export function infraredLayer(isNight: (seconds: number) => boolean): Layer {
  const night = Uint8Array.from({ length: 256 }, (_, y) => {
    const share = Math.min(1, Math.max(0, (y - BLACK) / 219));
    return BLACK + 219 * (0.12 + 0.75 * Math.sin(Math.PI * share * 0.9) ** 1.5 * (1 - 0.35 * share));
  });
  return (luma, seconds) => {
    if (isNight(seconds) !== isNight(seconds - 0.3)) luma.fill(24);
    else if (isNight(seconds)) {
      for (let i = 0; i < luma.length; i++) luma[i] = night[luma[i] ?? 0] ?? 0;
    }
  };
}
