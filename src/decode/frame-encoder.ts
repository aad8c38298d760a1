import { AVERROR_EAGAIN, AVERROR_EOF, type FFVideoEncoder } from 'node-av/constants';
import { Codec, CodecContext, Packet, Rational, type Frame } from 'node-av/lib';
import { EncodeError } from './encode-error.ts';

export interface FrameEncoderOptions {
  /** FFmpeg's name of the encoder. */
  readonly name: FFVideoEncoder;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Ticks of the clock that frames are timed on, a second. */
  readonly clockRateHz: number;
  /** The encoder's own options. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Sets what else the encoder is to know before it opens: the pixel format at least. */
  readonly configure: (context: CodecContext) => void;
  /** The packet is valid during the call only. */
  readonly onPacket: (packet: Packet) => void;
}

/** One encoder of FFmpeg's, frames in, packets out. Owns memory outside the JavaScript heap: dispose of it. */
export class FrameEncoder implements Disposable {
  readonly context = new CodecContext();
  readonly #packet = new Packet();
  readonly #onPacket: (packet: Packet) => void;

  /** @throws EncodeError when there is no such encoder, or it does not take its options. */
  constructor({ name, widthPx, heightPx, clockRateHz, settings, configure, onPacket }: FrameEncoderOptions) {
    this.#onPacket = onPacket;
    const codec = Codec.findEncoderByName(name);
    if (codec === null) throw new EncodeError(`looking for the encoder ${name}, found none`);
    const context = this.context;
    context.allocContext3(codec);
    context.width = widthPx;
    context.height = heightPx;
    context.timeBase = new Rational(1, clockRateHz);
    try {
      configure(context);
      // Not through a dictionary: opening consumes it, and node-av 6.1 then frees it a second time.
      for (const [option, value] of settings) {
        EncodeError.check(`setting ${option} of ${name}`, context.setOption(option, value));
      }
      EncodeError.check(`opening the encoder ${name}`, context.open2Sync(codec, null));
    } catch (error) {
      context.freeContext();
      throw error;
    }
    this.#packet.alloc();
  }

  /**
   * @param frame of the encoder's size and pixel format, shown later than the one before. The encoder may go on
   *   holding its picture.
   * @throws EncodeError; whatever `onPacket` throws.
   */
  encode(frame: Frame): void {
    EncodeError.check('encoding a picture', this.context.sendFrameSync(frame));
    this.#drain();
  }

  /** Lets out what the encoder still holds; it takes nothing more. */
  finish(): void {
    EncodeError.check('ending the encoding', this.context.sendFrameSync(null));
    this.#drain();
  }

  [Symbol.dispose](): void {
    this.#packet.free();
    this.context.freeContext();
  }

  /** Receiving lets go of the packet before, whatever comes of it. */
  #drain(): void {
    for (;;) {
      const result = this.context.receivePacketSync(this.#packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      EncodeError.check('taking a coded picture', result);
      this.#onPacket(this.#packet);
    }
  }
}
