import type { FootageSegmentJson } from '../../../src/http/api/footage.ts';
import { ArrivingBytes, splitInit } from './arriving-bytes.ts';
import { keyAt, type FootageClient, type MomentFootage } from './footage-client.ts';
import type { FootageMap, FragmentPlace } from './footage-map.ts';
import type { FootageStore } from './footage-store.ts';
import type { KeyPicture } from './key-stream.ts';
import { BOX_HEADER_BYTES, boxSizeBytes, readPictures, type CodedPicture, type InitSegment } from './mp4.ts';
import { PictureDecoder, type DecodedPicture } from './picture-decoder.ts';
import type { PictureFormat } from './upright.ts';

export interface StillsOptions {
  readonly client: FootageClient;
  readonly map: FootageMap;
  readonly store: FootageStore;
}

/** The picture that is shown at a moment of a fragment. */
export interface WantedPicture {
  readonly place: FragmentPlace;
  readonly wallMs: number;
  /** What was asked for before the fragment was known; done without where it is of others. */
  readonly moment?: Promise<MomentFootage | undefined> | undefined;
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

  /** @throws FootageError; the signal's reason. */
  async exact(wanted: WantedPicture, signal: AbortSignal): Promise<DecodedPicture | undefined> {
    const { place, wallMs } = wanted;
    const group = this.#map.groupOf(place);
    const early = this.#store.holds(group) ? undefined : await this.#exactAsItComes(group, wanted, signal);
    if (early !== undefined) return early;
    const { config, pictures } = await this.#coded(place, signal);
    const all = async () => true;
    return await this.#decodeTo(pictureAt(pictures, wallMs), { config, pictures, reach: all }, signal);
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

  /** As the client's. */
  async keyAt(wallMs: number, signal: AbortSignal): Promise<KeyPicture | undefined> {
    return await keyAt(this.#client, wallMs, signal);
  }

  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
  }

  /** Decodes while the rest comes, no more of which is fetched than is decoded. @returns undefined where that does not do. */
  async #exactAsItComes(
    group: readonly FragmentPlace[],
    { wallMs, moment }: WantedPicture,
    signal: AbortSignal,
  ): Promise<DecodedPicture | undefined> {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const { id } = first.segment;
    const { coming, pieces } = (await this.#comingOf(first, last, moment)) ?? {
      coming: this.#store.init(first.segment, signal),
      pieces: this.#client.fragmentsUntil(id, first.index, last.index, wallMs, signal),
    };
    const arriving = new ArrivingBytes(
      pieces,
      group.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
    const lastAt = arriving.bytes.byteLength - last.sizeBytes;
    try {
      const [init] = await Promise.all([coming, arriving.reach(lastAt + BOX_HEADER_BYTES)]);
      const headBytes = boxSizeBytes(arriving.bytes, lastAt) + BOX_HEADER_BYTES;
      if (!(await arriving.reach(lastAt + headBytes))) return undefined;
      const pictures = readPictures(arriving.bytes, init);
      const config = configOf(first.segment, init);
      const reach = async (endBytes: number) => await arriving.reach(endBytes);
      return await this.#decodeTo(pictureAt(pictures, wallMs), { config, pictures, reach }, signal);
    } finally {
      void arriving.end();
    }
  }

  /** @returns undefined where it is of other fragments. */
  async #comingOf(first: FragmentPlace, last: FragmentPlace, moment: WantedPicture['moment']) {
    const { id } = first.segment;
    const found = await moment;
    if (found?.segmentId !== id || found.first !== first.index || found.last !== last.index) return undefined;
    const { init, rest } = await splitInit(found.pieces);
    return { coming: this.#store.keepInit(id, init), pieces: rest };
  }

  async #decodeTo(
    wanted: CodedPicture | undefined,
    group: Group,
    signal: AbortSignal,
  ): Promise<DecodedPicture | undefined> {
    if (wanted === undefined) return undefined;
    const needed = neededFor(wanted, group);
    const [found] = await this.#decoder.decode(group.config, needed, (one) => one === wanted, signal);
    return found;
  }

  /** The pictures from the key picture before a fragment on up to its end; `own` are the fragment's. */
  async #coded(place: FragmentPlace, signal: AbortSignal) {
    const group = this.#map.groupOf(place);
    const [init, fragments] = await Promise.all([
      this.#store.init(place.segment, signal),
      this.#store.fragments(group, signal),
    ]);
    const parts = fragments.map((bytes) => readPictures(bytes, init));
    return { config: configOf(place.segment, init), pictures: parts.flat(), own: parts.at(-1) ?? [] };
  }
}

/** Pictures from a key picture on, some of which may still be on their way. */
interface Group {
  readonly config: PictureFormat;
  readonly pictures: readonly CodedPicture[];
  /** Waits until that part of their bytes has come. @returns false where it does not come. */
  readonly reach: (endBytes: number) => Promise<boolean>;
}

/** What has to be decoded for a picture, and that itself, as it comes. */
async function* neededFor(
  wanted: CodedPicture,
  { config, pictures, reach }: Group,
): AsyncGenerator<CodedPicture, void> {
  const isH264 = config.codec.startsWith('avc');
  for (const picture of pictures) {
    const { isKey, data } = picture;
    if (!(await reach(data.byteOffset + data.byteLength))) return;
    if (picture === wanted || isKey || !isH264 || !isUnreferred(data)) yield picture;
    if (picture === wanted) return;
  }
}

function configOf({ codec }: FootageSegmentJson, { description, matrix }: InitSegment): PictureFormat {
  return { codec, description: Uint8Array.from(description), matrix };
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
