import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import type { CodecContext } from 'node-av/lib';
import type { ReencodeConfig } from '../config/config.ts';
import { setBitRate, type EncoderChoice } from './encoder-choice.ts';

/**
 * How many pictures the software encoders look ahead. Five save as much room as the ten of the preset, none costs a
 * fifth more (design/transcoding.md); each one makes the answer later by a picture.
 */
const LOOKAHEAD = 5;
/** What one thread encodes without trouble: above it, an encoder gets more. */
const PIXELS_A_THREAD = 1920 * 1088;
const MAX_THREADS = 4;

/**
 * Works on every machine.
 * @param isPrompt whether each picture comes out at once: where one comes every few seconds, five are a long time.
 */
export function softwareEncoder({ codec, rateControl }: ReencodeConfig, isPrompt: boolean): EncoderChoice {
  const lookahead = isPrompt ? 0 : LOOKAHEAD;
  const common = {
    pixelFormat: (isFullRange: boolean) => (isFullRange ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P),
    memory: undefined,
    configure(context: CodecContext) {
      setBitRate(context, rateControl);
      context.threadCount = threadsFor(context);
    },
  };
  const settings = [
    ['forced-idr', '1'],
    ...(rateControl.kind === 'quality' ? [['crf', String(rateControl.quality)] as const] : []),
  ] as const;
  return codec === 'h264'
    ? {
        ...common,
        name: FF_ENCODER_LIBX264,
        settings: [
          ['preset', 'veryfast'],
          ['x264-params', `rc-lookahead=${lookahead}:scenecut=0`],
          ...settings,
        ],
      }
    : {
        ...common,
        name: FF_ENCODER_LIBX265,
        settings: [
          ['preset', 'superfast'],
          [
            'x265-params',
            `rc-lookahead=${lookahead}:scenecut=0:open-gop=0:pools=none:frame-threads=1:log-level=none`,
          ],
          ...settings,
        ],
      };
}

function threadsFor({ width, height }: CodecContext): number {
  return Math.min(MAX_THREADS, Math.ceil((width * height) / PIXELS_A_THREAD));
}
