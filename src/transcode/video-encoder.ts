import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  type AVPixelFormat,
} from 'node-av/constants';
import { Rational, type Frame, type Packet } from 'node-av/lib';
import { mediaTicks } from '../base/time.ts';
import { EncodeError } from '../decode/encode-error.ts';
import { FrameEncoder } from '../decode/frame-encoder.ts';
import { pictureOfAnnexB, trackOfAnnexB } from '../media/coded-picture.ts';
import { VIDEO_CLOCK_RATE_HZ, type NalCodecName, type VideoTrack } from '../media/packet.ts';
import type { EncoderChoice } from './encoder-choice.ts';
import { FrameUploader } from './frame-uploader.ts';
import type { ReencodedPacket } from './messages.ts';

export interface VideoEncoderOptions {
  readonly choice: EncoderChoice;
  readonly codec: NalCodecName;
  /** What the frames will be like: size, colours. */
  readonly like: Frame;
  /** Theirs, in ordinary memory. */
  readonly pixelFormat: AVPixelFormat;
  /** Pictures a second, as far as is known: only the declared level and the first second's bit rate depend on it. */
  readonly rateFps: number;
  /** In the order of the frames, some of which the encoder may hold back. */
  readonly onPacket: (packet: ReencodedPacket) => void;
}

/** So many that key pictures come only where they are asked for. */
const ENDLESS_GOP = 10_000;

/** Frames in, packets out, as they go into a recording. Owns memory outside the JavaScript heap: dispose of it. */
export class VideoEncoder implements Disposable {
  readonly #options: VideoEncoderOptions;
  readonly #uploader: FrameUploader | undefined;
  readonly #encoder: FrameEncoder;
  #track: VideoTrack | undefined;

  /** @throws EncodeError when it does not work on this machine or for such frames. */
  constructor(options: VideoEncoderOptions) {
    const { choice, like, pixelFormat, rateFps } = options;
    this.#options = options;
    this.#uploader = makeUploader(options);
    try {
      this.#encoder = new FrameEncoder({
        name: choice.name,
        widthPx: like.width,
        heightPx: like.height,
        clockRateHz: VIDEO_CLOCK_RATE_HZ,
        settings: choice.settings,
        configure: (context) => {
          context.pixelFormat = choice.memory?.pixelFormat ?? pixelFormat;
          context.colorRange = like.colorRange;
          context.colorSpace = like.colorSpace;
          context.colorPrimaries = like.colorPrimaries;
          context.colorTrc = like.colorTrc;
          context.sampleAspectRatio = like.sampleAspectRatio;
          context.framerate = new Rational(Math.round(rateFps * 1000), 1000);
          context.gopSize = ENDLESS_GOP;
          context.maxBFrames = 0;
          context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
          choice.configure(context);
          this.#uploader?.configure(context);
        },
        onPacket: (packet) => this.#take(packet),
      });
    } catch (error) {
      this.#uploader?.[Symbol.dispose]();
      throw error;
    }
  }

  /** Of the packets; undefined before the first one. */
  get track(): VideoTrack | undefined {
    return this.#track;
  }

  /**
   * @param frame like the one told, shown later than the one before, its `pts` in 90 kHz ticks.
   * @throws EncodeError
   */
  encode(frame: Frame, isKey: boolean): void {
    frame.pictType = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.#encoder.encode(this.#uploader?.upload(frame) ?? frame);
  }

  /** Lets out all packets; nothing can be encoded after it. @throws EncodeError */
  finish(): void {
    this.#encoder.finish();
  }

  [Symbol.dispose](): void {
    this.#encoder[Symbol.dispose]();
    this.#uploader?.[Symbol.dispose]();
  }

  #take({ data, pts, isKeyframe }: Packet): void {
    if (data === null) return;
    const { codec, onPacket, choice } = this.#options;
    // Some encoders tell their parameter sets with the first picture only.
    this.#track ??=
      trackOfAnnexB(codec, 0, this.#encoder.context.extraData ?? data) ?? trackOfAnnexB(codec, 0, data);
    if (this.#track === undefined) {
      throw new EncodeError(`reading the parameter sets of ${choice.name}, found none`);
    }
    onPacket({ isKey: isKeyframe, pts: mediaTicks(Number(pts)), data: pictureOfAnnexB(codec, data) });
  }
}

function makeUploader({ choice, like, pixelFormat }: VideoEncoderOptions): FrameUploader | undefined {
  if (choice.memory === undefined) return undefined;
  const { width: widthPx, height: heightPx } = like;
  return new FrameUploader({ ...choice.memory, softwareFormat: pixelFormat, widthPx, heightPx });
}
