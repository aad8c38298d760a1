import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet, type Stream } from 'node-av/lib';
import type { LumaPicture } from '../../src/motion/detector.ts';
import type { Passage } from '../scenes/scene.ts';

/** A clip with what is to be seen on it. */
export interface Footage {
  readonly file: string;
  readonly about: string;
  readonly passages: readonly Passage[];
}

/** Those of `../shared/footage`; spans looked up by eye, to half a second. */
export const FOOTAGE: readonly Footage[] = [
  {
    file: 'one-by-one-person-detection.mp4',
    about: 'six people come, stand at a table and leave, indoors',
    passages: [
      passage(5.5, 20),
      passage(22.5, 45),
      passage(49.5, 70),
      passage(74, 87),
      passage(91.5, 120),
      passage(122.5, 136),
    ],
  },
  {
    file: 'vtest.avi',
    about: 'people on a square all the time',
    passages: [passage(0, 79.5)],
  },
];

function passage(fromSeconds: number, toSeconds: number): Passage {
  return { fromSeconds, toSeconds, boxAt: () => undefined };
}

/** Decodes a clip and shows `rateFps` pictures a second of it, each valid during the call. */
export function showClip(
  path: string,
  rateFps: number,
  show: (picture: LumaPicture, seconds: number) => void,
): void {
  using clip = new Clip(path);
  let shown = 0;
  for (let seconds = clip.next(); seconds !== undefined; seconds = clip.next()) {
    if (seconds < shown / rateFps - 1e-3) continue;
    show(clip.picture, seconds);
    shown++;
  }
}

/** The pictures of a file, one after another. */
class Clip implements Disposable {
  readonly #format = new FormatContext();
  readonly #decoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #stream: Stream;

  constructor(path: string) {
    check(this.#format.openInputSync(path), `open ${path}`);
    check(this.#format.findStreamInfoSync(), `read ${path}`);
    this.#stream = this.#videoOf(path);
    const codec = Codec.findDecoder(this.#stream.codecpar.codecId);
    this.#decoder.allocContext3(codec);
    check(this.#decoder.parametersToContext(this.#stream.codecpar), `decode ${path}`);
    check(this.#decoder.open2Sync(codec), `decode ${path}`);
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** Goes on to the next picture. @returns its time in seconds, undefined at the end. */
  next(): number | undefined {
    while (this.#decoder.receiveFrameSync(this.#frame) !== 0) {
      if (!this.#feed()) return undefined;
    }
    const { num, den } = this.#stream.timeBase;
    return (Number(this.#frame.bestEffortTimestamp) * num) / den;
  }

  get picture(): LumaPicture {
    const { width: widthPx, height: heightPx, linesize, data } = this.#frame;
    const [luma] = data ?? [];
    if (luma === undefined) throw new Error('a picture without luma');
    return { widthPx, heightPx, stride: linesize[0] ?? 0, data: luma, isFullRange: false };
  }

  [Symbol.dispose](): void {
    this.#frame.free();
    this.#packet.free();
    this.#decoder.freeContext();
    this.#format.closeInputSync();
  }

  #videoOf(path: string): Stream {
    const isVideo = ({ codecpar }: Stream) => codecpar.codecType === AVMEDIA_TYPE_VIDEO;
    const video = this.#format.streams.find(isVideo);
    if (video === undefined) throw new Error(`${path} has no video`);
    return video;
  }

  /** Gives the decoder the next packet. @returns whether there was one. */
  #feed(): boolean {
    while (this.#format.readFrameSync(this.#packet) >= 0) {
      const isWanted = this.#packet.streamIndex === this.#stream.index;
      if (isWanted) check(this.#decoder.sendPacketSync(this.#packet), 'decode');
      this.#packet.unref();
      if (isWanted) return true;
    }
    return false;
  }
}

function check(code: number, attempt: string): void {
  FFmpegError.throwIfError(code, attempt);
}
