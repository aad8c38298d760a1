import {
  AV_PIX_FMT_GRAY10LE,
  AV_PIX_FMT_GRAY12LE,
  AV_PIX_FMT_GRAY14LE,
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_GRAY9LE,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV420P12LE,
  AV_PIX_FMT_YUV420P14LE,
  AV_PIX_FMT_YUV420P9LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV422P12LE,
  AV_PIX_FMT_YUV422P14LE,
  AV_PIX_FMT_YUV422P9LE,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUV444P10LE,
  AV_PIX_FMT_YUV444P12LE,
  AV_PIX_FMT_YUV444P14LE,
  AV_PIX_FMT_YUV444P9LE,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
} from 'node-av/constants';

/**
 * Bits a luma sample of the layouts that FFmpeg's H.264 and H.265 decoders put out and whose plane 0 is luma. All
 * chroma formats are alike there; the RGB ones (matrix 0, on no camera) are missing.
 */
const LUMA_DEPTHS: ReadonlyMap<number, number> = new Map([
  [AV_PIX_FMT_GRAY8, 8],
  [AV_PIX_FMT_YUV420P, 8],
  [AV_PIX_FMT_YUV422P, 8],
  [AV_PIX_FMT_YUV444P, 8],
  [AV_PIX_FMT_YUVJ420P, 8],
  [AV_PIX_FMT_YUVJ422P, 8],
  [AV_PIX_FMT_YUVJ444P, 8],
  [AV_PIX_FMT_GRAY9LE, 9],
  [AV_PIX_FMT_YUV420P9LE, 9],
  [AV_PIX_FMT_YUV422P9LE, 9],
  [AV_PIX_FMT_YUV444P9LE, 9],
  [AV_PIX_FMT_GRAY10LE, 10],
  [AV_PIX_FMT_YUV420P10LE, 10],
  [AV_PIX_FMT_YUV422P10LE, 10],
  [AV_PIX_FMT_YUV444P10LE, 10],
  [AV_PIX_FMT_GRAY12LE, 12],
  [AV_PIX_FMT_YUV420P12LE, 12],
  [AV_PIX_FMT_YUV422P12LE, 12],
  [AV_PIX_FMT_YUV444P12LE, 12],
  [AV_PIX_FMT_GRAY14LE, 14],
  [AV_PIX_FMT_YUV420P14LE, 14],
  [AV_PIX_FMT_YUV422P14LE, 14],
  [AV_PIX_FMT_YUV444P14LE, 14],
]);

/** Bits a luma sample in FFmpeg's pixel format, undefined if plane 0 is not luma or the format is not a decoder's. */
export function lumaDepth(pixelFormat: number): number | undefined {
  return LUMA_DEPTHS.get(pixelFormat);
}
