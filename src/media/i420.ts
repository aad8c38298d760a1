/**
 * A picture in planar 4:2:0 (I420), limited range (luma 16..235, chroma 16..240), BT.709. Planes are row-major
 * without padding: `y` has a stride of `widthPx`, `u` and `v` of `widthPx / 2`. Both sizes are even.
 */
export interface I420Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

/** One colour in the terms of `I420Picture`. */
export interface Colour {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** @throws RangeError if a size is not an even number of pixels from 2 to 8192. */
export function createI420(widthPx: number, heightPx: number): I420Picture {
  for (const size of [widthPx, heightPx]) {
    if (!Number.isInteger(size) || size < 2 || size > 8192 || size % 2 !== 0) {
      throw new RangeError(`A picture of ${widthPx}x${heightPx} pixels: sizes must be even, from 2 to 8192`);
    }
  }
  const chromaBytes = (widthPx * heightPx) / 4;
  return {
    widthPx,
    heightPx,
    y: new Uint8Array(widthPx * heightPx).fill(16),
    u: new Uint8Array(chromaBytes).fill(128),
    v: new Uint8Array(chromaBytes).fill(128),
  };
}

/** Copies every plane; both pictures have the same size. */
export function copyI420(from: I420Picture, to: I420Picture): void {
  to.y.set(from.y);
  to.u.set(from.u);
  to.v.set(from.v);
}

/** The colour of `0xrrggbb` by the BT.709 matrix (ITU-R BT.709-6, 3.2 and 3.4). */
export function rgb(hex: number): Colour {
  const red = (Math.floor(hex / 65536) % 256) / 255;
  const green = (Math.floor(hex / 256) % 256) / 255;
  const blue = (hex % 256) / 255;
  const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return {
    y: 16 + 219 * luma,
    u: 128 + (224 * (blue - luma)) / 1.8556,
    v: 128 + (224 * (red - luma)) / 1.5748,
  };
}

/** The colour a `share` (0..1) of the way from one to another. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  return {
    y: from.y + (to.y - from.y) * share,
    u: from.u + (to.u - from.u) * share,
    v: from.v + (to.v - from.v) * share,
  };
}
