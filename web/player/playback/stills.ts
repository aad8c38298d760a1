import type { FootageClient } from './footage-client.ts';
import type { FootageMap, FragmentPlace } from './footage-map.ts';
import type { FootageStore } from './footage-store.ts';
import type { KeyPicture } from './key-stream.ts';
import { readPictures, type CodedPicture } from './mp4.ts';
import { PictureDecoder, type DecodedPicture } from './picture-decoder.ts';

export interface StillsOptions {
  readonly client: FootageClient;
  readonly map: FootageMap;
  readonly store: FootageStore;
}

/** Single pictures of one camera: the exact one of a moment, the pictures of a fragment, key pictures. */
export class Stills implements Disposable {
  readonly #client: FootageClient;
  readonly #map: FootageMap;
  readonly #store: FootageStore;
  readonly #decoder = new PictureDecoder();

  constructor({ client, map, store }: StillsOptions) {
    this.#client = client;
    this.#map = map;
    this.#store = store;
  }

  /** The picture that is shown at a moment of a fragment. @throws FootageError; the signal's reason. */
  async exact(
    place: FragmentPlace,
    wallMs: number,
    signal: AbortSignal,
  ): Promise<DecodedPicture | undefined> {
    const { config, pictures } = await this.#coded(place, signal);
    const wanted = pictureAt(pictures, wallMs);
    if (wanted === undefined) return undefined;
    const before = pictures.slice(0, pictures.indexOf(wanted));
    const isH264 = config.codec.startsWith('avc');
    const needed = [...before.filter(({ isKey, data }) => isKey || !isH264 || !isUnreferred(data)), wanted];
    const [found] = await this.#decoder.decode(config, needed, (one) => one === wanted, signal);
    return found;
  }

  /** When the pictures of a fragment were recorded, in the order of showing. @throws as `exact` does. */
  async times(place: FragmentPlace, signal: AbortSignal): Promise<readonly number[]> {
    const init = await this.#store.init(place.segment, signal);
    const [bytes] = await this.#store.fragments([place], signal);
    const pictures = bytes === undefined ? [] : readPictures(bytes, init);
    return pictures.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
  }

  /** Decodes a fragment. @param most how many pictures are given at most, evenly chosen. @throws as `exact` does. */
  async all(place: FragmentPlace, most: number, signal: AbortSignal): Promise<readonly DecodedPicture[]> {
    const { config, pictures, own } = await this.#coded(place, signal);
    const shown = own.toSorted((a, b) => a.atMs - b.atMs);
    const stride = Math.ceil(shown.length / Math.max(1, most));
    const wanted = new Set<unknown>(shown.filter((_, i) => (shown.length - 1 - i) % stride === 0));
    return await this.#decoder.decode(config, pictures, (one) => wanted.has(one), signal);
  }

  /** @throws as `exact` does. */
  async key({ format, atMs, data }: KeyPicture, signal: AbortSignal): Promise<DecodedPicture | undefined> {
    const [found] = await this.#decoder.decode(format, [{ atMs, data, isKey: true }], () => true, signal);
    return found;
  }

  /** The last key picture at or before a moment; undefined where no footage holds it. @throws as `exact` does. */
  async keyAt(wallMs: number, signal: AbortSignal): Promise<KeyPicture | undefined> {
    const fromMs = Math.floor(wallMs);
    const [found] = await this.#client.keys({ fromMs, toMs: fromMs + 1, everyMs: 1, limit: 1 }, signal);
    return found;
  }

  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
  }

  /** The pictures from the key picture before a fragment on up to its end; `own` are the fragment's. */
  async #coded(place: FragmentPlace, signal: AbortSignal) {
    const group = this.#map.groupOf(place);
    const [init, fragments] = await Promise.all([
      this.#store.init(place.segment, signal),
      this.#store.fragments(group, signal),
    ]);
    const parts = fragments.map((bytes) => readPictures(bytes, init));
    const { codec, widthPx, heightPx } = place.segment;
    const config: VideoDecoderConfig = {
      codec,
      codedWidth: widthPx,
      codedHeight: heightPx,
      description: Uint8Array.from(init.description),
    };
    return { config, pictures: parts.flat(), own: parts.at(-1) ?? [] };
  }
}

/**
 * The last picture that was recorded by a moment, or the first of all. Times of pictures are no whole milliseconds, and
 * pages have them rounded down.
 */
export function pictureAt(pictures: readonly CodedPicture[], wallMs: number): CodedPicture | undefined {
  let best: CodedPicture | undefined;
  let first: CodedPicture | undefined;
  for (const picture of pictures) {
    if (first === undefined || picture.atMs < first.atMs) first = picture;
    if (Math.floor(picture.atMs) <= wallMs && (best === undefined || picture.atMs > best.atMs))
      best = picture;
  }
  return best ?? first;
}

/** No other picture refers to one whose `nal_ref_idc` is 0 (ITU-T H.264 7.4.1): decoding it only takes time. */
function isUnreferred(data: Uint8Array): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at + 4 < data.byteLength; at += 4 + view.getUint32(at)) {
    const header = view.getUint8(at + 4);
    const type = header & 0x1f;
    // Slices of pictures that are no key pictures; SEI comes before them.
    if (type === 1) return (header & 0x60) === 0;
  }
  return false;
}
