import { wallMs, type WallMs } from '../base/time.ts';
import type { FragmentRecord, SegmentRecord } from '../db/records.ts';
import { readExactly } from '../media/fmp4/byte-source.ts';
import { readFragment } from '../media/fmp4/fragment-reader.ts';
import type { VideoTrack } from '../media/packet.ts';
import { PlaybackError } from './playback-error.ts';
import type { StoredSegment } from './stored-segment.ts';

/** A picture that is decoded by itself. */
export interface KeyPicture {
  readonly track: VideoTrack;
  readonly wallMs: WallMs;
  /** NAL units, each behind its 4-byte length. */
  readonly data: Uint8Array;
}

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
    if (run?.header.track.kind !== 'video' || sample?.isKey !== true) {
      const { path } = stored.record;
      throw new PlaybackError(
        'damaged',
        `${path}: expected a key picture at byte ${offsetBytes}, found none`,
      );
    }
    const { track, firstShown } = run.header;
    const shownMs = ((sample.pts - (firstShown ?? 0)) * 1000) / track.clockRateHz;
    return {
      track,
      wallMs: wallMs(stored.record.startWallMs + shownMs),
      data: await readExactly(window, sample.positionBytes, sample.sizeBytes),
    };
  });
}
