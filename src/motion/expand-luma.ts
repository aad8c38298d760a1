import type { LumaPlane } from './detector.ts';

/**
 * What limited-range luma is on a scale of 0..255: `(y - 16) * 255 / 219`, clamped (ITU-R BT.601 and BT.709 put
 * black at 16 and white at 235). Rounded down, which comes nearest to the grey of OpenCV's BGR2GRAY: on its sample
 * clip vtest 0.7 too bright on average, 1.2 when rounded to nearest.
 */
const EXPANDED = Uint8Array.from({ length: 256 }, (_, y) =>
  Math.min(255, Math.max(0, Math.floor(((y - 16) * 255) / 219))),
);

/** Expands limited-range luma to 0..255, into rows of `widthPx` without padding. */
export function expandLuma({ widthPx, heightPx, stride, data }: LumaPlane, target: Uint8Array): void {
  for (let y = 0; y < heightPx; y++) {
    const [from, to] = [y * stride, y * widthPx];
    for (let x = 0; x < widthPx; x++) target[to + x] = EXPANDED[data[from + x] ?? 0] ?? 0;
  }
}
