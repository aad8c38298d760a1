/** How a decoded luma plane lies in memory. */
export interface LumaLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes from a row to the next. */
  readonly stride: number;
  /** 8 to 16; above 8 a pixel takes two bytes, little-endian. */
  readonly bitDepth: number;
}

/** How many bytes of a plane `layout` describes: whole strides, except for the last row. */
export function planeSizeBytes({ widthPx, heightPx, stride, bitDepth }: LumaLayout): number {
  return (heightPx - 1) * stride + widthPx * bytesPerPixel(bitDepth);
}

/**
 * Copies a luma plane of more than 8 bits a pixel into `target`, shifted down to 8, as rows of `widthPx` without
 * padding. `source` holds at least `planeSizeBytes`, `target` `widthPx * heightPx` bytes.
 */
export function narrowLuma(source: Uint8Array, layout: LumaLayout, target: Uint8Array): void {
  const { widthPx, heightPx, stride, bitDepth } = layout;
  const shift = bitDepth - 8;
  for (let y = 0; y < heightPx; y++) {
    const [from, to] = [y * stride, y * widthPx];
    for (let x = 0; x < widthPx; x++) {
      const at = from + 2 * x;
      target[to + x] = ((source[at] ?? 0) | ((source[at + 1] ?? 0) << 8)) >> shift;
    }
  }
}

function bytesPerPixel(bitDepth: number): number {
  return bitDepth > 8 ? 2 : 1;
}
