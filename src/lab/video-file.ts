import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import {
  AV_FRAME_FLAG_CORRUPT,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_KEY,
  AVCOL_RANGE_JPEG,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { CodecContext, FFmpegError, FormatContext, Frame, Log, Packet, type Stream } from 'node-av/lib';
import type { Orientation } from '../base/orientation.ts';
import { mediaTicks } from '../base/time.ts';
import type { DecodedPicture } from '../decode/decoder.ts';
import { displayOrientation } from '../decode/display-orientation.ts';
import { FrameReader, type DecodedLuma } from '../decode/frame-reader.ts';
import { lumaDepth } from '../decode/luma-depth.ts';
import { MAX_DECODED_PIXELS, MAX_DECODED_SIDE_PX } from '../decode/native-decoder.ts';
import { createI420, type I420Picture } from '../media/i420.ts';
import { shownSize } from '../media/orientation.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';
import { InputError } from './input-error.ts';

const MOST_THREADS = 4;
/** The index tells times in whole milliseconds. */
const ROUNDING_TICKS = VIDEO_CLOCK_RATE_HZ / 1000;
/** Taken where a file does not tell its pictures' times. */
const USUAL_FPS = 25;

/**
 * The video of a file, of whatever container and codec FFmpeg reads, decoded from its beginning and turned as it says. Only files are read,
 * whatever a playlist may point at. Holds memory outside the JavaScript heap: dispose of it.
 */
export class VideoFile implements Disposable {
  readonly path: string;
  readonly #container = new FormatContext();
  readonly #decoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #reader = new FrameReader();
  readonly #stream: Stream;
  readonly #pictureTicks: number;
  readonly #orientation: Orientation | undefined;
  /** For pixel formats without a luma plane. */
  #converted: I420Picture | undefined;
  #firstTicks: number | undefined;
  #lastTicks = 0;
  /** What lies before is not decoded, on the clock of `DecodedPicture.pts`; undefined once a picture is. */
  #skippedToTicks: number | undefined;
  #hasEnded = false;
  #damaged = 0;

  /** @throws InputError */
  constructor(path: string) {
    this.path = path;
    checkFile(path);
    Log.setLevel(AV_LOG_QUIET);
    this.#packet.alloc();
    this.#frame.alloc();
    try {
      this.#stream = this.#openVideo();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
    this.#pictureTicks = VIDEO_CLOCK_RATE_HZ / (rateOf(this.#stream) ?? USUAL_FPS);
    this.#orientation = displayOrientation(this.#stream.codecpar);
  }

  /** As the container has it; undefined when it has none. */
  get durationMs(): number | undefined {
    const { duration } = this.#container;
    return duration > 0n ? Number(duration / 1000n) : undefined;
  }

  /** From the first picture to the end of the last one read, on the clock of `DecodedPicture.pts`. */
  get lengthTicks(): number {
    return this.#firstTicks === undefined ? 0 : this.#lastTicks - this.#firstTicks + this.#pictureTicks;
  }

  /** Packets and pictures so far of which nothing could be made. */
  get damaged(): number {
    return this.#damaged;
  }

  /**
   * Before the first `advance`: leaves out what comes before the key picture at a moment, or else before the next one.
   * @param ms since the first picture.
   */
  skipTo(ms: number): void {
    this.#skippedToTicks = (ms * VIDEO_CLOCK_RATE_HZ) / 1000;
  }

  /**
   * Reads a packet and passes what pictures come out to `visit`, in order of presentation; `pts` counts 90 kHz ticks from
   * the first picture on. What is damaged is left out and counted.
   * @returns false at the file's end, after the last picture.
   * @throws only what `visit` throws.
   */
  advance(visit: (picture: DecodedPicture) => void): boolean {
    if (this.#hasEnded) return false;
    const read = this.#container.readFrameSync(this.#packet);
    if (read < 0) {
      this.#hasEnded = true;
      if (read !== AVERROR_EOF) this.#damaged++;
      this.#decoder.sendPacketSync(null);
      this.#receive(visit);
      return false;
    }
    const isOurs = this.#packet.streamIndex === this.#stream.index && !this.#isSkipped();
    if (isOurs && this.#decoder.sendPacketSync(this.#packet) < 0) this.#damaged++;
    this.#packet.unref();
    if (isOurs) this.#receive(visit);
    return true;
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
    this.#frame.free();
    this.#packet.free();
    this.#decoder.freeContext();
    this.#container.closeInputSync();
  }

  /** The file begins with a key picture, whose time is that of its packet. */
  #isSkipped(): boolean {
    if (this.#skippedToTicks === undefined) return false;
    const ticks = this.#ticksAt(this.#packet.pts);
    this.#firstTicks ??= ticks;
    const isKey = (this.#packet.flags & AV_PKT_FLAG_KEY) !== 0;
    if (!isKey || ticks - this.#firstTicks < this.#skippedToTicks - ROUNDING_TICKS) return true;
    this.#skippedToTicks = undefined;
    return false;
  }

  #openVideo(): Stream {
    const container = this.#container;
    container.allocContext();
    // No playlist, session description or the like makes us connect anywhere.
    container.setOption('protocol_whitelist', 'file');
    this.#check(container.openInputSync(`file:${resolve(this.path)}`));
    this.#check(container.findStreamInfoSync(null));
    const { streamIndex, decoder } = container.findBestStream(AVMEDIA_TYPE_VIDEO, -1, -1, true);
    const stream = container.streams[streamIndex];
    if (stream === undefined || decoder === null) {
      throw new InputError('no-video', `${this.path}: expected video, found none that can be decoded`);
    }
    this.#checkSize(stream);
    this.#decoder.allocContext3(decoder);
    this.#check(this.#decoder.parametersToContext(stream.codecpar));
    this.#decoder.threadCount = Math.min(MOST_THREADS, availableParallelism());
    this.#decoder.setOption('max_pixels', String(MAX_DECODED_PIXELS));
    this.#check(this.#decoder.open2Sync(decoder));
    return stream;
  }

  #checkSize({ codecpar: { width, height } }: Stream): void {
    const isTooLarge = Math.max(width, height) > MAX_DECODED_SIDE_PX || width * height > MAX_DECODED_PIXELS;
    if (width > 0 && height > 0 && !isTooLarge) return;
    const expected = `pictures of up to ${MAX_DECODED_SIDE_PX} pixels a side`;
    const message = `${this.path}: expected ${expected}, found ${width}x${height}`;
    throw new InputError(isTooLarge ? 'too-large' : 'unreadable', message);
  }

  #check(result: number): void {
    if (result >= 0) return;
    throw new InputError(
      'unreadable',
      `${this.path}: cannot be read as video: ${FFmpegError.strerror(result)}`,
    );
  }

  /** Each of the decoder's threads may have an error to tell before it goes on. */
  #receive(visit: (picture: DecodedPicture) => void): void {
    for (let errors = 0; errors <= MOST_THREADS;) {
      const received = this.#decoder.receiveFrameSync(this.#frame);
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return;
      if (received === 0) {
        this.#show(this.#frame, visit);
        continue;
      }
      this.#damaged++;
      errors++;
    }
  }

  #show(frame: Frame, visit: (picture: DecodedPicture) => void): void {
    try {
      const isDamaged = (frame.flags & AV_FRAME_FLAG_CORRUPT) !== 0 || frame.decodeErrorFlags !== 0;
      if (isDamaged) this.#damaged++;
      else visit(this.#picture(frame));
    } finally {
      frame.unref();
    }
  }

  #picture(frame: Frame): DecodedPicture {
    this.#lastTicks = this.#ticksOf(frame);
    this.#firstTicks ??= this.#lastTicks;
    return {
      pts: mediaTicks(Math.round(this.#lastTicks - this.#firstTicks)),
      readLuma: () => this.#readLuma(frame),
      readI420: (target) => this.#reader.readI420(frame, target, this.#orientation),
    };
  }

  #ticksOf({ bestEffortTimestamp }: Frame): number {
    const isFirst = this.#firstTicks === undefined;
    if (bestEffortTimestamp === AV_NOPTS_VALUE) return isFirst ? 0 : this.#lastTicks + this.#pictureTicks;
    return this.#ticksAt(bestEffortTimestamp);
  }

  #ticksAt(timestamp: bigint): number {
    const { num, den } = this.#stream.timeBase;
    return (Number(timestamp) * num * VIDEO_CLOCK_RATE_HZ) / den;
  }

  #readLuma(frame: Frame): DecodedLuma {
    const isFullRange = frame.colorRange === AVCOL_RANGE_JPEG;
    if (lumaDepth(frame.format) !== undefined) {
      return this.#reader.readLuma(frame, isFullRange, this.#orientation);
    }
    const size = { widthPx: evenUp(frame.width), heightPx: evenUp(frame.height) };
    const { widthPx, heightPx } = shownSize({
      ...size,
      ...(this.#orientation && { orientation: this.#orientation }),
    });
    if (this.#converted?.widthPx !== widthPx || this.#converted.heightPx !== heightPx) {
      this.#converted = createI420(widthPx, heightPx);
    }
    this.#reader.readI420(frame, this.#converted, this.#orientation);
    return { widthPx, heightPx, stride: widthPx, data: this.#converted.y, isFullRange: false };
  }
}

/** FFmpeg's own words for these are hard to understand. */
function checkFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new InputError('missing', `${path}: expected a file, found none`);
  if (!found.isFile()) throw new InputError('unreadable', `${path}: expected a file, found something else`);
  if (found.size === 0) throw new InputError('unreadable', `${path}: expected video, found an empty file`);
}

function rateOf({ avgFrameRate: { num, den } }: Stream): number | undefined {
  return num > 0 && den > 0 ? num / den : undefined;
}

function evenUp(sizePx: number): number {
  return sizePx + (sizePx % 2);
}
