import {
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
} from 'node-av/constants';
import { Frame, type CodecContext } from 'node-av/lib';
import type { I420Picture } from '../media/i420.ts';
import { EncodeError } from './encode-error.ts';
import { FrameEncoder, type FrameEncoderOptions } from './frame-encoder.ts';

export interface PictureEncoderOptions extends FrameEncoderOptions {
  /** Luma spans 0..255 instead of the 16..235 of `I420Picture`. */
  readonly isFullRange?: boolean;
}

/** An encoder of pictures that we made. Owns memory outside the JavaScript heap: dispose of it. */
export class PictureEncoder implements Disposable {
  readonly #encoder: FrameEncoder;
  readonly #frame = new Frame();

  /** @throws EncodeError when there is no such encoder, or it does not take its options. */
  constructor({ isFullRange = false, ...options }: PictureEncoderOptions) {
    const pixelFormat = isFullRange ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    this.#encoder = new FrameEncoder({
      ...options,
      configure(context) {
        context.pixelFormat = pixelFormat;
        context.colorRange = isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
        context.colorSpace = AVCOL_SPC_BT709;
        context.colorPrimaries = AVCOL_PRI_BT709;
        context.colorTrc = AVCOL_TRC_BT709;
        options.configure(context);
      },
    });
    this.#frame.alloc();
    this.#frame.format = pixelFormat;
    this.#frame.width = options.widthPx;
    this.#frame.height = options.heightPx;
    EncodeError.check('allocating a picture', this.#frame.allocBuffer());
  }

  get context(): CodecContext {
    return this.#encoder.context;
  }

  /**
   * @param picture of the encoder's size.
   * @param ticks when it is shown, later than the one before.
   * @throws EncodeError; whatever `onPacket` throws.
   */
  encode(picture: I420Picture, ticks: number): void {
    EncodeError.check('preparing a picture', this.#frame.makeWritable());
    const planes = this.#frame.data;
    const strides = this.#frame.linesize;
    copyPlane(picture.y, picture.widthPx, picture.heightPx, planes?.[0], strides[0]);
    copyPlane(picture.u, picture.widthPx / 2, picture.heightPx / 2, planes?.[1], strides[1]);
    copyPlane(picture.v, picture.widthPx / 2, picture.heightPx / 2, planes?.[2], strides[2]);
    this.#frame.pts = BigInt(ticks);
    this.#frame.pictType = AV_PICTURE_TYPE_NONE;
    this.#encoder.encode(this.#frame);
  }

  /** Lets out what the encoder still holds. */
  finish(): void {
    this.#encoder.finish();
  }

  [Symbol.dispose](): void {
    this.#encoder[Symbol.dispose]();
    this.#frame.free();
  }
}

function copyPlane(
  from: Uint8Array,
  widthPx: number,
  heightPx: number,
  to: Buffer | undefined,
  stride: number | undefined,
): void {
  if (to === undefined || stride === undefined) throw new EncodeError('writing a picture, found no plane');
  if (stride === widthPx) {
    to.set(from);
    return;
  }
  for (let row = 0; row < heightPx; row++) {
    to.set(from.subarray(row * widthPx, (row + 1) * widthPx), row * stride);
  }
}
