/** How a decoded luma plane lies in memory. */
export interface LumaLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes from a row to the next. */
  readonly stride: number;
  /** 8 to 16; above 8 a pixel takes two bytes, little-endian. */
  readonly bitDepth: number;
  /** Luma spans the whole range instead of 16..235 (times 4 at 10 bits, and so on). */
  readonly isFullRange: boolean;
}

/**
 * What limited-range luma is on a scale of 0..255: `(y - 16) * 255 / 219`, clamped (ITU-R BT.601 and BT.709 put
 * black at 16 and white at 235). Rounded down, which comes nearest to the grey of OpenCV's BGR2GRAY: on its sample
 * clip vtest 0.7 too bright on average, 1.2 when rounded to nearest.
 */
const EXPANDED = Uint8Array.from({ length: 256 }, (_, y) =>
  Math.min(255, Math.max(0, Math.floor(((y - 16) * 255) / 219))),
);
const UNCHANGED = Uint8Array.from({ length: 256 }, (_, y) => y);

/** How many bytes of a plane `layout` describes: whole strides, except for the last row. */
export function planeSizeBytes({ widthPx, heightPx, stride, bitDepth }: LumaLayout): number {
  return (heightPx - 1) * stride + widthPx * bytesPerPixel(bitDepth);
}

/**
 * Copies a luma plane into `target` as 8-bit full-range rows of `widthPx` without padding. Deeper luma is shifted
 * down. `source` holds at least `planeSizeBytes`, `target` `widthPx * heightPx` bytes.
 */
export function copyLuma(source: Uint8Array, layout: LumaLayout, target: Uint8Array): void {
  const { widthPx, heightPx, stride, bitDepth } = layout;
  const table = layout.isFullRange ? UNCHANGED : EXPANDED;
  for (let y = 0; y < heightPx; y++) {
    const row = source.subarray(y * stride, y * stride + widthPx * bytesPerPixel(bitDepth));
    const start = y * widthPx;
    if (bitDepth > 8) copyDeepRow(row, bitDepth - 8, table, target.subarray(start, start + widthPx));
    else if (layout.isFullRange) target.set(row, start);
    else for (let x = 0; x < widthPx; x++) target[start + x] = table[row[x] ?? 0] ?? 0;
  }
}

function copyDeepRow(row: Uint8Array, shift: number, table: Uint8Array, target: Uint8Array): void {
  for (let x = 0; x < target.length; x++) {
    const deep = (row[2 * x] ?? 0) | ((row[2 * x + 1] ?? 0) << 8);
    target[x] = table[deep >> shift] ?? 0;
  }
}

function bytesPerPixel(bitDepth: number): number {
  return bitDepth > 8 ? 2 : 1;
}
