import type { AVHWDeviceType, AVPixelFormat, FFVideoEncoder } from 'node-av/constants';
import type { CodecContext } from 'node-av/lib';
import type { RateControlConfig } from '../config/config.ts';

/** One of FFmpeg's encoders and how it is set up. */
export interface EncoderChoice {
  readonly name: FFVideoEncoder;
  /** Of the pictures that it takes, by whether they are full range. */
  readonly pixelFormat: (isFullRange: boolean) => AVPixelFormat;
  /** Where pictures have to lie for it, if not in ordinary memory. */
  readonly memory: { readonly device: AVHWDeviceType; readonly pixelFormat: AVPixelFormat } | undefined;
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Sets what FFmpeg knows for all encoders. */
  readonly configure: (context: CodecContext) => void;
}

/** A picture may take more than the average, for a second or two. */
export function setBitRate(context: CodecContext, rateControl: RateControlConfig): void {
  if (rateControl.kind === 'quality') {
    context.bitRate = 0n;
    return;
  }
  const bitsPerSecond = Math.round(rateControl.bitRateBps);
  context.bitRate = BigInt(bitsPerSecond);
  context.rcMaxRate = BigInt(2 * bitsPerSecond);
  context.rcBufferSize = 2 * bitsPerSecond;
}
