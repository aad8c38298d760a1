import { FootageError } from './footage-client.ts';
import { upright, type PictureFormat } from './upright.ts';

/** A coded picture and when it was recorded. */
export interface Decodable {
  readonly atMs: number;
  readonly isKey: boolean;
  readonly data: Uint8Array;
}

/** A decoded picture as it is to be shown; whoever has it closes `frame`. */
export interface DecodedPicture {
  readonly atMs: number;
  readonly frame: VideoFrame;
}

/** Whether the page has WebCodecs at all: browsers keep it from pages that came over plain HTTP from another machine. */
export function canDecodePictures(): boolean {
  return typeof VideoDecoder === 'function';
}

/** Decodes pictures one request after the other, with one decoder as long as their format stays. */
export class PictureDecoder implements Disposable {
  #decoder: VideoDecoder | undefined;
  #config: VideoDecoderConfig | undefined;
  #output: (frame: VideoFrame) => void = (frame) => frame.close();
  #failure: Error | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param pictures in the order of decoding, the first a key picture; each is decoded as soon as it has come.
   * @param isWanted which of them are given; the others are only decoded.
   * @returns in the order of showing.
   * @throws FootageError `codec`; the signal's reason; as `pictures` does.
   */
  async decode(
    config: PictureFormat,
    pictures: Iterable<Decodable> | AsyncIterable<Decodable>,
    isWanted: (picture: Decodable) => boolean,
    signal: AbortSignal,
  ): Promise<readonly DecodedPicture[]> {
    const before = this.#last;
    const work = before.then(() => this.#decode(config, pictures, isWanted, signal));
    this.#last = work.catch(() => undefined);
    return await work;
  }

  [Symbol.dispose](): void {
    if (this.#decoder !== undefined && this.#decoder.state !== 'closed') this.#decoder.close();
    this.#decoder = undefined;
  }

  async #decode(
    config: PictureFormat,
    pictures: Iterable<Decodable> | AsyncIterable<Decodable>,
    isWanted: (picture: Decodable) => boolean,
    signal: AbortSignal,
  ): Promise<readonly DecodedPicture[]> {
    signal.throwIfAborted();
    const decoder = await this.#prepare(config);
    const decoded: DecodedPicture[] = [];
    const wanted = new Map<number, Decodable>();
    this.#output = (frame) => {
      const picture = wanted.get(frame.timestamp);
      if (picture === undefined) frame.close();
      else decoded.push({ atMs: picture.atMs, frame: upright(frame, config.matrix) });
    };
    try {
      await this.#feed(decoder, pictures, (picture, timestamp) => {
        if (isWanted(picture)) wanted.set(timestamp, picture);
      });
      await decoder.flush();
      signal.throwIfAborted();
      return decoded;
    } catch (error) {
      this.#output = (frame) => frame.close();
      for (const { frame } of decoded) frame.close();
      // The next request's pictures may have the same times: nothing is left in the decoder.
      await decoder.flush().catch(() => this[Symbol.dispose]());
      if (signal.aborted || error instanceof FootageError) throw error;
      this[Symbol.dispose]();
      throw new FootageError({ kind: 'codec', detail: config.codec }, { cause: this.#failure ?? error });
    } finally {
      this.#output = (frame) => frame.close();
    }
  }

  async #feed(
    decoder: VideoDecoder,
    pictures: Iterable<Decodable> | AsyncIterable<Decodable>,
    onPicture: (picture: Decodable, timestamp: number) => void,
  ): Promise<void> {
    let firstMs: number | undefined;
    for await (const picture of pictures) {
      const timestamp = Math.round((picture.atMs - (firstMs ??= picture.atMs)) * 1000);
      const type = picture.isKey ? 'key' : 'delta';
      onPicture(picture, timestamp);
      decoder.decode(new EncodedVideoChunk({ type, timestamp, data: picture.data }));
    }
  }

  async #prepare(config: VideoDecoderConfig): Promise<VideoDecoder> {
    if (this.#decoder?.state === 'configured' && this.#config !== undefined && isSame(config, this.#config)) {
      return this.#decoder;
    }
    const { supported } = await VideoDecoder.isConfigSupported(config).catch(() => ({ supported: false }));
    if (supported !== true) throw new FootageError({ kind: 'codec', detail: config.codec });
    this[Symbol.dispose]();
    this.#failure = undefined;
    const decoder = new VideoDecoder({
      output: (frame) => this.#output(frame),
      error: (error) => (this.#failure = error),
    });
    // Pictures come in groups, each of which is flushed: browsers then decode several at a time.
    decoder.configure({ ...config, optimizeForLatency: false });
    this.#decoder = decoder;
    this.#config = config;
    return decoder;
  }
}

function isSame(a: VideoDecoderConfig, b: VideoDecoderConfig): boolean {
  if (a.codec !== b.codec) return false;
  const [one, other] = [bytesOf(a.description), bytesOf(b.description)];
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function bytesOf(source: AllowSharedBufferSource | undefined): Uint8Array {
  if (source === undefined) return new Uint8Array(0);
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
