import {
  Codec,
  CodecContext,
  FFmpegError,
  Frame,
  avGetCodecName,
  type Packet,
  type Stream,
} from 'node-av/lib';
import { mediaTicks, wallMs, type MediaTicks, type WallMs } from '../base/time.ts';
import { SourceError } from '../camera/source-error.ts';
import type { SourceEncoding } from '../config/revealed-address.ts';
import { FrameSampler } from '../decode/frame-sampler.ts';
import { MAX_DECODED_PIXELS } from '../decode/native-decoder.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket } from '../media/packet.ts';
import { encoderChoices } from '../transcode/encoder-order.ts';
import { openLine, type EncodingLine } from '../transcode/encoding-line.ts';
import { labelText } from '../transcode/label.ts';
import type { ReencodedPacket } from '../transcode/messages.ts';
import type { VideoLine } from './video-line.ts';

/** A key picture comes at least this often. */
const KEY_INTERVAL_TICKS = 2 * VIDEO_CLOCK_RATE_HZ;

export interface EncodedVideoOptions {
  readonly stream: Stream;
  readonly encoding: SourceEncoding;
  /** Whether each picture is to come out at once. */
  readonly isPrompt: boolean;
  readonly wallMs: () => WallMs;
  /** @param takenWallMs when the picture came, which is a few pictures ago. */
  readonly onPacket: (packet: VideoPacket, takenWallMs: WallMs) => void;
}

/** Video that no recording can hold as it comes (MJPEG, raw pictures, other codecs), decoded and encoded. */
export class EncodedVideo implements VideoLine {
  readonly #options: EncodedVideoOptions;
  readonly #decoder = new CodecContext();
  readonly #frame = new Frame();
  readonly #sampler: FrameSampler | undefined;
  #line: EncodingLine | undefined;
  /** Of the pictures in the encoder, the oldest first. */
  readonly #taken: WallMs[] = [];
  #lastTicks = Number.NEGATIVE_INFINITY;
  #lastKeyTicks = Number.NEGATIVE_INFINITY;

  /** @throws SourceError `unsupported` */
  constructor(options: EncodedVideoOptions) {
    this.#options = options;
    const { rateFps } = options.encoding.reencode;
    this.#sampler = rateFps === undefined ? undefined : new FrameSampler(rateFps);
    const { codecpar } = options.stream;
    const name = avGetCodecName(codecpar.codecId) ?? 'unknown';
    const codec = Codec.findDecoder(codecpar.codecId);
    if (codec === null) throw new SourceError('unsupported', `decoding ${name}, found no decoder for it`);
    this.#decoder.allocContext3(codec);
    codecpar.toContext(this.#decoder);
    this.#decoder.threadCount = 1;
    this.#decoder.setOption('max_pixels', String(MAX_DECODED_PIXELS));
    const opened = this.#decoder.open2Sync(codec, null);
    if (opened < 0) {
      throw new SourceError('unsupported', `decoding ${name}: ${FFmpegError.strerror(opened)}`);
    }
    this.#frame.alloc();
  }

  push(packet: Packet, seconds: number): void {
    // FFmpeg takes an empty packet for the end.
    if (packet.size === 0) return;
    const ticks = BigInt(Math.round(seconds * VIDEO_CLOCK_RATE_HZ));
    packet.pts = ticks;
    packet.dts = ticks;
    this.#decoder.sendPacketSync(packet);
    this.#receive();
  }

  finish(): void {
    this.#decoder.sendPacketSync(null);
    this.#receive();
    this.#closeLine();
  }

  [Symbol.dispose](): void {
    this.#line?.[Symbol.dispose]();
    this.#frame.free();
    this.#decoder.freeContext();
  }

  /**
   * A picture that cannot be decoded is left out: the next one may be whole. Receiving lets go of the picture before,
   * whatever comes of it.
   */
  #receive(): void {
    while (this.#decoder.receiveFrameSync(this.#frame) >= 0) this.#encode(this.#frame);
  }

  #encode(frame: Frame): void {
    const ticks = mediaTicks(Number(frame.pts));
    if (ticks <= this.#lastTicks) return;
    const intervalTicks = ticks - this.#lastTicks;
    this.#lastTicks = ticks;
    if (this.#sampler?.accept(ticks) === false) return;
    const line = this.#lineFor(frame);
    const isKey = this.#isKeyDue(ticks, intervalTicks);
    if (isKey) this.#lastKeyTicks = ticks;
    const taken = this.#options.wallMs();
    this.#taken.push(taken);
    line.encode({ frame, isKey, label: this.#labelAt(taken) });
  }

  /** Half a picture early rather than late, since pictures do not come in perfectly even intervals. */
  #isKeyDue(ticks: MediaTicks, intervalTicks: number): boolean {
    return ticks - this.#lastKeyTicks + intervalTicks / 2 > KEY_INTERVAL_TICKS;
  }

  #labelAt(taken: WallMs): string | undefined {
    const { reencode, camera, timeZone } = this.#options.encoding;
    return reencode.hasLabel ? labelText(camera, taken, timeZone) : undefined;
  }

  #lineFor(frame: Frame): EncodingLine {
    if (this.#line?.takes(frame) === true) return this.#line;
    this.#closeLine();
    const { encoding, isPrompt } = this.#options;
    const config = encoding.reencode;
    const onPacket = (packet: ReencodedPacket) => this.#take(packet);
    const { line } = openLine(frame, encoderChoices(config, isPrompt), { config, onPacket });
    this.#line = line;
    this.#lastKeyTicks = Number.NEGATIVE_INFINITY;
    return line;
  }

  #closeLine(): void {
    this.#line?.finish();
    this.#line?.[Symbol.dispose]();
    this.#line = undefined;
  }

  #take({ isKey, pts, data }: ReencodedPacket): void {
    const track = this.#line?.track;
    if (track === undefined) return;
    const taken = this.#taken.shift() ?? this.#options.wallMs();
    this.#options.onPacket({ track, isKey, pts, dts: pts, data }, wallMs(taken));
  }
}
