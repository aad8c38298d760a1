import {
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  type FFVideoEncoder,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import type { I420Picture } from '../media/i420.ts';
import { EncodeError } from './encode-error.ts';

export interface PictureEncoderOptions {
  /** FFmpeg's name of the encoder. */
  readonly name: FFVideoEncoder;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Ticks of the clock that pictures are timed on, a second. */
  readonly clockRateHz: number;
  /** Luma spans 0..255 instead of the 16..235 of `I420Picture`. */
  readonly isFullRange?: boolean;
  /** The encoder's own options. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Sets what else the encoder is to know before it opens. */
  readonly configure: (context: CodecContext) => void;
  /** The packet is valid during the call only. */
  readonly onPacket: (packet: Packet) => void;
}

/** One encoder of FFmpeg's, pictures in, packets out. Owns memory outside the JavaScript heap: dispose of it. */
export class PictureEncoder implements Disposable {
  readonly context = new CodecContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #onPacket: (packet: Packet) => void;

  /** @throws EncodeError when there is no such encoder, or it does not take its options. */
  constructor({ name, widthPx, heightPx, clockRateHz, ...options }: PictureEncoderOptions) {
    this.#onPacket = options.onPacket;
    const codec = Codec.findEncoderByName(name);
    if (codec === null) throw new EncodeError(`looking for the encoder ${name}, found none`);
    const pixelFormat = options.isFullRange === true ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    const context = this.context;
    context.allocContext3(codec);
    context.width = widthPx;
    context.height = heightPx;
    context.timeBase = new Rational(1, clockRateHz);
    context.pixelFormat = pixelFormat;
    context.colorRange = options.isFullRange === true ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    context.colorSpace = AVCOL_SPC_BT709;
    context.colorPrimaries = AVCOL_PRI_BT709;
    context.colorTrc = AVCOL_TRC_BT709;
    options.configure(context);
    // Not through a dictionary: opening consumes it, and node-av 6.1 then frees it a second time.
    for (const [option, value] of options.settings) {
      EncodeError.check(`setting ${option} of ${name}`, context.setOption(option, value));
    }
    EncodeError.check(`opening the encoder ${name}`, context.open2Sync(codec, null));
    this.#packet.alloc();
    this.#frame.alloc();
    this.#frame.format = pixelFormat;
    this.#frame.width = widthPx;
    this.#frame.height = heightPx;
    EncodeError.check('allocating a picture', this.#frame.allocBuffer());
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
    EncodeError.check('encoding a picture', this.context.sendFrameSync(this.#frame));
    this.#drain();
  }

  /** Lets out what the encoder still holds. */
  finish(): void {
    EncodeError.check('ending the encoding', this.context.sendFrameSync(null));
    this.#drain();
  }

  [Symbol.dispose](): void {
    this.#packet.free();
    this.#frame.free();
    this.context.freeContext();
  }

  #drain(): void {
    for (;;) {
      const result = this.context.receivePacketSync(this.#packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      EncodeError.check('taking a coded picture', result);
      this.#onPacket(this.#packet);
      this.#packet.unref();
    }
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
