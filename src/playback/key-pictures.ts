import { wallMs, type WallMs } from '../base/time.ts';
import type { FragmentRecord, SegmentRecord } from '../db/records.ts';
import { readExactly, type ByteSource } from '../media/fmp4/byte-source.ts';
import { readFragment, type Mp4Fragment } from '../media/fmp4/fragment-reader.ts';
import type { Mp4Header } from '../media/fmp4/header-reader.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import { recoveryPointOf } from '../media/recovery-point.ts';
import { PlaybackError } from './playback-error.ts';
import type { StoredSegment } from './stored-segment.ts';

/** A picture from which decoding can start. */
export interface KeyPicture {
  readonly track: VideoTrack;
  readonly wallMs: WallMs;
  /** Itself; where pictures are refreshed stripe by stripe, with those up to the first that is whole. */
  readonly packets: readonly StoredPacket[];
}

export type StoredPacket = Pick<VideoPacket, 'isKey' | 'pts' | 'dts' | 'data'>;

/** Where a key picture lies. */
export interface KeyPlace {
  readonly segment: SegmentRecord;
  readonly fragment: FragmentRecord;
  /** When it is decoded, about when it is shown. */
  readonly startWallMs: WallMs;
}

export interface KeyGrid {
  readonly fromWallMs: WallMs;
  readonly toWallMs: WallMs;
  /** One at most for each such span, counted from the first moment. */
  readonly everyMs: number;
  readonly limit: number;
}

/**
 * The key pictures that show a span at a density: the first of all is the last one at or before the span's beginning, where
 * it belongs to the same footage.
 * @param segments in the order of their start.
 */
export function chooseKeys(segments: readonly SegmentRecord[], grid: KeyGrid): readonly KeyPlace[] {
  const chosen: KeyPlace[] = [];
  let before: KeyPlace | undefined;
  let nextWallMs: number = grid.fromWallMs;
  for (const place of keysOf(segments)) {
    if (place.startWallMs <= grid.fromWallMs) {
      before = place;
      continue;
    }
    if (before !== undefined) {
      chosen.push(before);
      before = undefined;
      nextWallMs += grid.everyMs;
    }
    if (place.startWallMs >= grid.toWallMs || chosen.length >= grid.limit) break;
    if (place.startWallMs < nextWallMs) continue;
    chosen.push(place);
    const steps = Math.floor((place.startWallMs - grid.fromWallMs) / grid.everyMs) + 1;
    nextWallMs = grid.fromWallMs + steps * grid.everyMs;
  }
  if (before !== undefined) chosen.push(before);
  return chosen.slice(0, grid.limit);
}

function* keysOf(segments: readonly SegmentRecord[]): Generator<KeyPlace> {
  let lastWallMs = Number.NEGATIVE_INFINITY;
  for (const segment of segments) {
    for (const fragment of segment.fragments) {
      const startWallMs = wallMs(segment.startWallMs + fragment.startMs);
      // What reaches back over another brings the same pictures again.
      if (!fragment.isKey || startWallMs <= lastWallMs) continue;
      lastWallMs = startWallMs;
      yield { segment, fragment, startWallMs };
    }
  }
}

/** A fragment's head and small key pictures in one read. */
const FIRST_READ_BYTES = 65_536;

/** The picture with which a fragment begins. @throws PlaybackError `damaged` */
export async function readKeyPicture(
  stored: StoredSegment,
  { offsetBytes, sizeBytes }: FragmentRecord,
): Promise<KeyPicture> {
  return await stored.read(async (source, header) => {
    const first = await readExactly(source, offsetBytes, Math.min(sizeBytes, FIRST_READ_BYTES));
    const window = {
      sizeBytes: source.sizeBytes,
      read: async (positionBytes: number, lengthBytes: number) => {
        const at = positionBytes - offsetBytes;
        return at >= 0 && at + lengthBytes <= first.byteLength
          ? first.subarray(at, at + lengthBytes)
          : await source.read(positionBytes, lengthBytes);
      },
    };
    const fragment = await readFragment(window, header, offsetBytes);
    const run = fragment?.runs.find(({ header: { track } }) => track.kind === 'video');
    const sample = run?.samples[0];
    if (fragment === undefined || run?.header.track.kind !== 'video' || sample?.isKey !== true) {
      const { path } = stored.record;
      throw new PlaybackError(
        'damaged',
        `${path}: expected a key picture at byte ${offsetBytes}, found none`,
      );
    }
    const { track } = run.header;
    return {
      track,
      wallMs: stored.wallMsOf(run.header, sample.pts),
      packets: await takeWhole(track, readPictures(window, header, fragment)),
    };
  });
}

/** A refresh takes a second or two; of one that does not end so many pictures are read. */
export const MOST_REFRESHING = 150;

/** The first picture, with those that make it whole. */
async function takeWhole(
  { codec }: VideoTrack,
  pictures: AsyncIterable<StoredPacket>,
): Promise<readonly StoredPacket[]> {
  const taken: StoredPacket[] = [];
  let wanted = 1;
  for await (const picture of pictures) {
    if (taken.length === 0) wanted += recoveryPointOf(codec, picture.data) ?? 0;
    taken.push(picture);
    if (taken.length >= Math.min(wanted, MOST_REFRESHING)) break;
  }
  return taken;
}

/** The pictures from a fragment on, to the end of the file. */
async function* readPictures(
  source: ByteSource,
  header: Mp4Header,
  first: Mp4Fragment,
): AsyncGenerator<StoredPacket> {
  let fragment: Mp4Fragment | undefined = first;
  while (fragment !== undefined) {
    const run = fragment.runs.find(({ header: { track } }) => track.kind === 'video');
    for (const { isKey, pts, dts, positionBytes, sizeBytes } of run?.samples ?? []) {
      yield { isKey, pts, dts, data: await readExactly(source, positionBytes, sizeBytes) };
    }
    fragment = await readFragment(source, header, fragment.positionBytes + fragment.sizeBytes);
  }
}
