import type { WallMs } from '../../base/time.ts';
import type { Packet } from '../packet.ts';
import { ascii, box, encodeParts, fullBox, u16, u32, u64, type Part } from './box.ts';
import { sealHead } from './checksum.ts';
import { toFileTicks, type FileTimeline } from './file-timeline.ts';
import { codecBrands, media, movieHeader, trackHeader } from './movie-boxes.ts';
import { Mp4Error } from './mp4-error.ts';
import { trackId, type Mp4Track } from './mp4-track.ts';
import { runPositionBox } from './run-position.ts';
import { sampleEntry } from './sample-entry.ts';
import { DEPENDENT_SAMPLE_FLAGS, KEY_SAMPLE_FLAGS } from './sample-flags.ts';

export interface InitSegmentOptions {
  /** At least one, in the order players list them. */
  readonly tracks: readonly Mp4Track[];
  readonly timeline: FileTimeline;
  /** The packet shown at 0:00 of the file; undefined for a live stream, whose times stay as fragments tell them. */
  readonly first: Packet | undefined;
  /** The wall time of that packet. */
  readonly createdAt: WallMs;
  readonly runStartWallMs: WallMs;
}

/** Of `mvhd`, where every duration is left open; the tracks have clocks of their own. */
const MOVIE_CLOCK_RATE_HZ = 1000;

/**
 * `ftyp` and `moov`: the head of a fragmented file, to be followed by fragments (`encodeFragment`).
 *
 * An edit list in each track makes `first` the file's 0:00: it hides the decoding delay of B frames and sound from
 * before the picture, and keeps the tracks in step. design/fmp4.md tells which players were tried. A live stream has none.
 * @throws Mp4Error `unrepresentable` without tracks or for parameter sets that do not fit their boxes; BitstreamError
 *   for those that cannot be parsed.
 */
export function encodeInitSegment(options: InitSegmentOptions): Uint8Array {
  const { tracks, createdAt, first, timeline } = options;
  if (tracks.length === 0) throw new Mp4Error('unrepresentable', 'cannot write a file without tracks');
  const times = { createdAt, durationTicks: 0 };
  const header = encodeParts([
    // iso6: signed composition offsets and `default-base-is-moof`; mp41: sample entries of ISO 14496-14.
    box('ftyp', ascii('iso6'), u32(0), ascii('iso6'), ascii('mp41'), ...codecBrands(tracks)),
    box(
      'moov',
      movieHeader({ ...times, clockRateHz: MOVIE_CLOCK_RATE_HZ, tracks }),
      ...tracks.map((track) =>
        box(
          'trak',
          trackHeader(track, times),
          ...(first === undefined ? [] : [box('edts', editList(track, first, timeline))]),
          media(track, times, sampleTable(track)),
        ),
      ),
      box('mvex', ...tracks.map(trackDefaults)),
      // The last box: its last field is the checksum of all before it.
      runPositionBox(options),
    ),
  ]);
  sealHead(header);
  return header;
}

/** One edit at normal speed to the end of the media: `segment_duration` 0 in a fragmented file (8.6.6.1). */
function editList(track: Mp4Track, first: Packet, timeline: FileTimeline): Part {
  const firstTicks = toFileTicks(timeline, first.pts, first.track.clockRateHz);
  // Never negative for a packet of the file; -1 would mean an empty edit.
  const mediaTime = Math.max(0, Math.round((firstTicks * track.clockRateHz) / first.track.clockRateHz));
  return fullBox('elst', 1, 0, u32(1), u64(0, mediaTime), u16(1, 0));
}

/** All samples are in fragments, so the tables are empty. */
function sampleTable(track: Mp4Track): Part {
  return box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), sampleEntry(track)),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
}

function trackDefaults(track: Mp4Track): Part {
  const flags = track.kind === 'video' ? DEPENDENT_SAMPLE_FLAGS : KEY_SAMPLE_FLAGS;
  return fullBox('trex', 0, 0, u32(trackId(track), 1, 0, 0, flags));
}
