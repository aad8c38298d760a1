import { BitstreamError } from './bit-reader.ts';

/** Largest side we accept: 16K. Far above any camera, far below what would hurt. */
const MAX_SIDE_PX = 16_384;

/**
 * A picture's size after cropping.
 * @throws BitstreamError if nothing is left, or a side is longer than 16384.
 */
export function checkedPictureSize(widthPx: number, heightPx: number) {
  if (!isSide(widthPx) || !isSide(heightPx)) {
    throw new BitstreamError(`reading the picture's size: found ${widthPx}x${heightPx}`);
  }
  return { widthPx, heightPx };
}

function isSide(px: number): boolean {
  return px >= 1 && px <= MAX_SIDE_PX;
}
