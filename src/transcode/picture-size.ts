import type { ReencodeConfig } from '../config/config.ts';

export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The size in which pictures of `source` are recorded: even, as 4:2:0 has it, and at least 2. */
export function pictureSize(
  source: PictureSize,
  { widthPx, heightPx }: Pick<ReencodeConfig, 'widthPx' | 'heightPx'>,
): PictureSize {
  if (widthPx !== undefined && heightPx !== undefined) return { widthPx, heightPx };
  if (widthPx !== undefined) {
    return { widthPx, heightPx: nearestEven((widthPx * source.heightPx) / source.widthPx) };
  }
  if (heightPx !== undefined) {
    return { widthPx: nearestEven((heightPx * source.widthPx) / source.heightPx), heightPx };
  }
  return { widthPx: evenBelow(source.widthPx), heightPx: evenBelow(source.heightPx) };
}

function nearestEven(px: number): number {
  return Math.max(2, 2 * Math.round(px / 2));
}

function evenBelow(px: number): number {
  return Math.max(2, px - (px % 2));
}
