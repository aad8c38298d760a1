import { wallMs, type WallMs } from '../base/time.ts';
import type { MountedVolume } from '../archive/mounted-volume.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import type { FragmentRecord, SegmentRecord } from '../db/records.ts';
import { findFootageWindow, type FootageWindow, type FootageWindowQuery } from './footage-window.ts';
import { chooseKeys, readKeyPicture, type KeyGrid, type KeyPicture, type KeyPlace } from './key-pictures.ts';
import { KeyStreamWriter } from './key-stream-writer.ts';
import { readMomentPicture, type MomentPicture } from './moment-picture.ts';
import { PlaybackError } from './playback-error.ts';
import { findSegment, segmentIdOf, StoredSegment, type SegmentId } from './stored-segment.ts';

export interface FootageOptions {
  readonly index: Pick<IndexQueries, 'segments' | 'gaps' | 'timeline'>;
  /** Those that are there now. */
  readonly volumes: () => Promise<readonly MountedVolume[]>;
}

/** Bytes to be sent. Nothing is open before the first is asked for, and nothing after the last or an early end. */
export interface FootageBytes {
  /** Undefined while that is not known. */
  readonly sizeBytes: number | undefined;
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/** Fragments of one segment, counted from 0; both belong to them. */
export interface FragmentRange {
  readonly first: number;
  readonly last: number;
  /** Nothing is wanted of the last one but what pictures up to this moment need; all of it without one. */
  readonly untilMs?: WallMs | undefined;
}

/** What the picture of a moment is decoded from. */
export interface MomentFootage {
  readonly segment: SegmentId;
  /** Fragments of the segment from a key picture on, counted from 0; both belong to them. */
  readonly first: number;
  readonly last: number;
  /** What they follow, and they without what only later pictures need. As those of `FootageBytes`. */
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/** One answer at most: 2 minutes of a usual camera. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/** The recordings of all cameras for players: what there is, and its bytes. Holds nothing in memory. */
export class Footage {
  readonly #index: FootageOptions['index'];
  readonly #volumes: FootageOptions['volumes'];

  constructor({ index, volumes }: FootageOptions) {
    this.#index = index;
    this.#volumes = volumes;
  }

  /** @throws IndexError */
  async window(query: FootageWindowQuery): Promise<FootageWindow> {
    return await findFootageWindow(this.#index, query);
  }

  /** What a segment's fragments follow. @throws PlaybackError; IndexError */
  async init(camera: string, id: SegmentId): Promise<Uint8Array> {
    const record = await this.#require(camera, id);
    await using stored = await StoredSegment.open(await this.#volumes(), record);
    return await stored.init();
  }

  /**
   * Fragments on the wall clock, one behind the other.
   * @throws PlaybackError `nothing` for those that are not there (yet); IndexError.
   */
  async fragments(
    camera: string,
    id: SegmentId,
    { first, last, untilMs }: FragmentRange,
  ): Promise<FootageBytes> {
    const record = await this.#require(camera, id);
    const wanted = record.fragments.slice(first, last + 1);
    const sizeBytes = sizeOf(wanted);
    if (wanted.length === 0 || wanted.length !== last - first + 1 || sizeBytes > MAX_ANSWER_BYTES) {
      const found = `${record.fragments.length} fragments, ${sizeBytes} bytes of them wanted`;
      throw new PlaybackError('nothing', `cannot read fragments ${first} to ${last}: found ${found}`);
    }
    return {
      sizeBytes: untilMs === undefined ? sizeBytes : undefined,
      bytes: readFragments(await this.#volumes(), record, wanted, untilMs),
    };
  }

  /** What the picture of a moment is decoded from; undefined where there is none. @throws IndexError */
  async moment(camera: string, at: WallMs): Promise<MomentFootage | undefined> {
    const place = await this.#placeAt(camera, at);
    if (place === undefined) return undefined;
    const { segment: record, fragment: key } = place;
    const first = record.fragments.indexOf(key);
    const begun = record.fragments.findLastIndex(({ startMs }) => record.startWallMs + startMs <= at);
    const last = Math.max(first, begun);
    const wanted = record.fragments.slice(first, last + 1);
    if (sizeOf(wanted) > MAX_ANSWER_BYTES) return undefined;
    const bytes = readWithInit(await this.#volumes(), record, wanted, at);
    return { segment: segmentIdOf(record), first, last, bytes };
  }

  /** The last key picture at or before a moment of the footage; undefined where there is none. @throws IndexError */
  async keyAt(camera: string, at: WallMs): Promise<KeyPicture | undefined> {
    const place = await this.#placeAt(camera, at);
    return place && (await this.#readAt(place, (stored) => readKeyPicture(stored, place.fragment)));
  }

  /** The picture that is shown at a moment of the footage; undefined where there is none. @throws IndexError */
  async pictureAt(camera: string, at: WallMs): Promise<MomentPicture | undefined> {
    const place = await this.#placeAt(camera, at);
    return place && (await this.#readAt(place, (stored) => readMomentPicture(stored, place.fragment, at)));
  }

  async #placeAt(camera: string, at: WallMs): Promise<KeyPlace | undefined> {
    const grid = { fromWallMs: at, toWallMs: wallMs(at + 1), everyMs: 1, limit: 1 };
    return (await this.#places(camera, grid))[0];
  }

  async #places(camera: string, grid: KeyGrid): Promise<readonly KeyPlace[]> {
    const segments = await this.#index.segments({ cameras: [camera], ...grid });
    return chooseKeys(
      segments.toSorted((a, b) => a.startWallMs - b.startWallMs),
      grid,
    );
  }

  async #readAt<Picture>(
    { segment }: KeyPlace,
    read: (stored: StoredSegment) => Promise<Picture>,
  ): Promise<Picture | undefined> {
    const opened = await orNothing(StoredSegment.open(await this.#volumes(), segment));
    if (opened === undefined) return undefined;
    await using stored = opened;
    return await orNothing(read(stored));
  }

  /** The key pictures of a span, as `KeyStreamWriter` writes them. What cannot be read is left out. @throws IndexError */
  async keys(camera: string, grid: KeyGrid): Promise<AsyncGenerator<Uint8Array>> {
    const places = await this.#places(camera, grid);
    return readKeys(await this.#volumes(), places);
  }

  async #require(camera: string, id: SegmentId): Promise<SegmentRecord> {
    const record = await findSegment(this.#index, camera, id);
    if (record !== undefined) return record;
    throw new PlaybackError(
      'nothing',
      `${camera} has no recording that begins then: it may have been deleted`,
    );
  }
}

function sizeOf(fragments: readonly FragmentRecord[]): number {
  return fragments.reduce((sum, one) => sum + one.sizeBytes, 0);
}

async function* readFragments(
  volumes: readonly MountedVolume[],
  record: SegmentRecord,
  fragments: readonly FragmentRecord[],
  untilMs: WallMs | undefined,
): AsyncGenerator<Uint8Array> {
  await using stored = await StoredSegment.open(volumes, record);
  yield* fragmentsOf(stored, fragments, untilMs);
}

async function* readWithInit(
  volumes: readonly MountedVolume[],
  record: SegmentRecord,
  fragments: readonly FragmentRecord[],
  untilMs: WallMs,
): AsyncGenerator<Uint8Array> {
  await using stored = await StoredSegment.open(volumes, record);
  yield await stored.init();
  yield* fragmentsOf(stored, fragments, untilMs);
}

async function* fragmentsOf(
  stored: StoredSegment,
  fragments: readonly FragmentRecord[],
  untilMs: WallMs | undefined,
): AsyncGenerator<Uint8Array> {
  const last = fragments.at(-1);
  for (const fragment of fragments) {
    yield await stored.fragment(fragment, fragment === last ? untilMs : undefined);
  }
}

async function* readKeys(
  volumes: readonly MountedVolume[],
  places: readonly KeyPlace[],
): AsyncGenerator<Uint8Array> {
  const writer = new KeyStreamWriter();
  let stored: StoredSegment | undefined;
  try {
    for (const { segment, fragment } of places) {
      if (stored?.record !== segment) {
        await stored?.[Symbol.asyncDispose]();
        stored = undefined;
        stored = await orNothing(StoredSegment.open(volumes, segment));
      }
      const picture = stored && (await orNothing(readKeyPicture(stored, fragment)));
      const record = picture && writer.write(picture);
      if (record !== undefined) yield record;
    }
  } finally {
    await stored?.[Symbol.asyncDispose]();
  }
}

async function orNothing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof PlaybackError) return undefined;
    throw error;
  }
}
