import {
  AV_LOG_QUIET,
  AVERROR_EACCES,
  AVERROR_EBUSY,
  AVERROR_EIO,
  AVERROR_EOF,
  AVERROR_EPERM,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_TOO_MANY_REQUESTS,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
  AVERROR_PROTOCOL_NOT_FOUND,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  type AVMediaType,
} from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext, InputFormat, Log, Packet, type Stream } from 'node-av/lib';
import { SourceError, type SourceErrorKind } from '../camera/source-error.ts';
import { printable } from '../rtsp/error.ts';
import type { InputPlace } from './input-place.ts';
import { whenThere } from './when-there.ts';

const TIMED_OUT = new Set([-110, -138, -10_060, -60]);
const BUSY: ReadonlySet<number> = new Set([AVERROR_EBUSY, AVERROR_EACCES, AVERROR_EPERM]);
const AUTH: ReadonlySet<number> = new Set([AVERROR_HTTP_UNAUTHORIZED, AVERROR_HTTP_FORBIDDEN]);
const REFUSED: ReadonlySet<number> = new Set([
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_TOO_MANY_REQUESTS,
]);
/** What has to be read before it is known what there is: three seconds, for key pictures come every two. */
const ANALYSED_US = 3_000_000n;

export interface Waiting {
  /** On a clock that never jumps. */
  readonly seconds: () => number;
  readonly sleep: (ms: number) => void;
}

/** An input of libavformat's, opened, read in turn. Owns memory outside the JavaScript heap: dispose of it. */
export class InputReader implements Disposable {
  readonly #context = new FormatContext();
  readonly #packet = new Packet();
  readonly #told: string;
  readonly format: string;
  readonly video: Stream;
  readonly audio: Stream | undefined;
  /** Of their packets. Known here: asking FFmpeg for each packet costs more than one would think. */
  readonly videoIndex: number;
  readonly audioIndex: number | undefined;

  /** When it was open, and media began to come. */
  readonly openedSeconds: number;

  readonly #sleep: (ms: number) => void;

  /** @throws SourceError */
  constructor({ url, format, options, told }: InputPlace, { seconds, sleep }: Waiting) {
    this.#sleep = sleep;
    Log.setLevel(AV_LOG_QUIET);
    this.#told = told;
    this.#context.allocContext();
    const dictionary = Dictionary.fromObject(options);
    try {
      const named = format === undefined ? null : InputFormat.findInputFormat(format);
      if (named === null && format !== undefined) {
        throw new SourceError('unsupported', `opening ${told}: FFmpeg here was built without ${format}`);
      }
      this.#context.maxAnalyzeDuration = ANALYSED_US;
      check(`opening ${told}`, 'connect', this.#context.openInputSync(url, named, dictionary));
      this.openedSeconds = seconds();
      this.#checkHost(url);
      check(`looking at ${told}`, 'unsupported', this.#context.findStreamInfoSync(null));
      this.format = this.#context.iformat?.name ?? '';
      this.video = this.#find(AVMEDIA_TYPE_VIDEO) ?? this.#withoutVideo();
      this.audio = this.#find(AVMEDIA_TYPE_AUDIO);
      this.videoIndex = this.video.index;
      this.audioIndex = this.audio?.index;
      this.#packet.alloc();
    } catch (error) {
      this.#context.freeContext();
      throw error;
    } finally {
      dictionary.free();
    }
  }

  /**
   * Reads what comes next, of whichever stream; waits for it.
   * @returns valid until the next call; undefined at the end.
   * @throws SourceError
   */
  read(): Packet | undefined {
    this.#packet.unref();
    const result = whenThere(() => this.#context.readFrameSync(this.#packet), this.#sleep);
    if (result === AVERROR_EOF) return undefined;
    check(`reading ${this.#told}`, 'closed', result);
    return this.#packet;
  }

  [Symbol.dispose](): void {
    this.#packet.free();
    this.#context.closeInputSync();
  }

  /** RTSP cameras may send a client elsewhere, and FFmpeg goes: a stream of another host is none of this camera. */
  #checkHost(url: string): void {
    const found = this.#context.url ?? url;
    if (found === url || hostOf(found) === hostOf(url)) return;
    const message = `opening ${this.#told}: the camera redirects to another host, ${printable(hostOf(found))}`;
    throw new SourceError('refused', `${message}; configure its URL if that is right`);
  }

  #find(type: AVMediaType): Stream | undefined {
    const index = this.#context.findBestStream(type, -1, -1);
    return index < 0 ? undefined : this.#context.streams[index];
  }

  #withoutVideo(): never {
    throw new SourceError('unsupported', `looking at ${this.#told} (${this.format}), found no video in it`);
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
}

/** @throws SourceError for a negative result. @param otherwise what kind of failure it is if its number does not say. */
function check(attempted: string, otherwise: SourceErrorKind, result: number): void {
  if (result >= 0) return;
  throw new SourceError(kindOf(result, otherwise), `${attempted}: ${explained(result)}`);
}

function kindOf(code: number, otherwise: SourceErrorKind): SourceErrorKind {
  if (TIMED_OUT.has(code)) return otherwise === 'closed' ? 'stall' : 'timeout';
  if (AUTH.has(code)) return 'auth';
  if (REFUSED.has(code) || BUSY.has(code)) return 'refused';
  return code === AVERROR_INVALIDDATA || code === AVERROR_PROTOCOL_NOT_FOUND ? 'unsupported' : otherwise;
}

function explained(code: number): string {
  if (code === AVERROR_EBUSY) return 'it is in use by another program; close that one';
  if (code === AVERROR_EACCES || code === AVERROR_EPERM) {
    return 'permission denied; the user that runs Preroll has to be allowed to use it (on Linux: the group video)';
  }
  if (code === AVERROR_HTTP_UNAUTHORIZED) {
    return 'the camera wants a user name and password; it does not accept those configured';
  }
  // Of UDP, SRT and TLS, which tell no more.
  if (code === AVERROR_EIO) return 'nothing came; nobody is there, or it speaks another protocol';
  if (code === AVERROR_INVALIDDATA) return 'what is there is no video that Preroll reads';
  return FFmpegError.strerror(code);
}
