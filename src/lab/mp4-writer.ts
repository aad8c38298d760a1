import { AV_CODEC_FLAG_GLOBAL_HEADER, AV_LOG_QUIET, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { FormatContext, Log, Rational, type Packet, type Stream } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';
import { PictureEncoder } from '../decode/picture-encoder.ts';
import type { I420Picture } from '../media/i420.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';

export interface Mp4WriterOptions {
  readonly path: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pictures a second, as a rule. */
  readonly rateFps: number;
}

const GOP_SECONDS = 5;
const CLOCK = new Rational(1, VIDEO_CLOCK_RATE_HZ);

/** Pictures as H.264 in an MP4 file, written over what is there. Dispose of it. */
export class Mp4Writer implements Disposable {
  readonly #container = new FormatContext();
  readonly #encoder: PictureEncoder;
  readonly #stream: Stream;
  readonly #pictureTicks: number;
  #lastTicks = -1;

  /** @throws EncodeError */
  constructor({ path, widthPx, heightPx, rateFps }: Mp4WriterOptions) {
    Log.setLevel(AV_LOG_QUIET);
    this.#pictureTicks = Math.round(VIDEO_CLOCK_RATE_HZ / rateFps);
    this.#encoder = new PictureEncoder({
      name: FF_ENCODER_LIBX264,
      widthPx,
      heightPx,
      clockRateHz: VIDEO_CLOCK_RATE_HZ,
      settings: [
        ['preset', 'veryfast'],
        ['crf', '20'],
      ],
      configure(context) {
        context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
        context.framerate = new Rational(Math.round(rateFps * 1000), 1000);
        context.gopSize = Math.max(1, Math.round(GOP_SECONDS * rateFps));
        context.threadCount = 2;
      },
      onPacket: (packet) => this.#write(packet),
    });
    try {
      this.#stream = this.#openContainer(path);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * @param picture of the file's size.
   * @param ticks when it is shown, in 90 kHz ticks.
   * @throws EncodeError
   */
  write(picture: I420Picture, ticks: number): void {
    this.#lastTicks = Math.max(ticks, this.#lastTicks + 1);
    this.#encoder.encode(picture, this.#lastTicks);
  }

  /** Completes the file, which is none before. @throws EncodeError */
  finish(): void {
    this.#encoder.finish();
    EncodeError.check('completing the file', this.#container.writeTrailerSync());
  }

  [Symbol.dispose](): void {
    this.#encoder[Symbol.dispose]();
    this.#container.closeOutputSync();
    this.#container.freeContext();
  }

  #openContainer(path: string): Stream {
    const container = this.#container;
    EncodeError.check('preparing an MP4 file', container.allocOutputContext2(null, 'mp4', path));
    EncodeError.check(`opening ${path}`, container.openOutputSync());
    const stream = container.newStream(null);
    const described = this.#encoder.context.parametersFromContext(stream.codecpar);
    EncodeError.check('describing the video', described);
    stream.timeBase = CLOCK;
    EncodeError.check('writing the header', container.writeHeaderSync());
    return stream;
  }

  #write(packet: Packet): void {
    packet.streamIndex = this.#stream.index;
    packet.duration = BigInt(this.#pictureTicks);
    packet.rescaleTs(CLOCK, this.#stream.timeBase);
    EncodeError.check('writing a picture', this.#container.interleavedWriteFrameSync(packet));
  }
}
