import type { WallMs } from '../../base/time.ts';
import type { Packet } from '../packet.ts';
import { ascii, box, encodeParts, fullBox, u16, u32, u64, zeros, type Part } from './box.ts';
import { toFileTicks, type FileTimeline } from './file-timeline.ts';
import { Mp4Error } from './mp4-error.ts';
import { trackId, type Mp4Track } from './mp4-track.ts';
import { runPositionBox } from './run-position.ts';
import { sampleEntry } from './sample-entry.ts';
import { DEPENDENT_SAMPLE_FLAGS, KEY_SAMPLE_FLAGS } from './sample-flags.ts';

export interface InitSegmentOptions {
  /** At least one, in the order players list them. */
  readonly tracks: readonly Mp4Track[];
  readonly timeline: FileTimeline;
  /** The packet shown at 0:00 of the file. */
  readonly first: Packet;
  /** The wall time of that packet. */
  readonly createdAt: WallMs;
  readonly runStartWallMs: WallMs;
}

/** From 1904-01-01, where MP4 counts from (ISO 14496-12 8.2.2.3), to 1970-01-01. */
export const MP4_EPOCH_OFFSET_SECONDS = 2_082_844_800;

/** Of `mvhd`, where every duration is left open; the tracks have clocks of their own. */
const MOVIE_CLOCK_RATE_HZ = 1000;
const UNITY_MATRIX = [0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000];
/** `und`: three letters of five bits. */
const LANGUAGE_UNDETERMINED = 0x55c4;

/**
 * `ftyp` and `moov`: the head of a fragmented file, to be followed by fragments (`encodeFragment`).
 *
 * An edit list in each track makes `first` the file's 0:00: it hides the decoding delay of B frames and sound from
 * before the picture, and keeps the tracks in step. design/fmp4.md tells which players were tried.
 * @throws Mp4Error `unrepresentable` without tracks or for parameter sets that do not fit their boxes; BitstreamError
 *   for those that cannot be parsed.
 */
export function encodeInitSegment(options: InitSegmentOptions): Uint8Array {
  const { tracks } = options;
  if (tracks.length === 0) throw new Mp4Error('unrepresentable', 'cannot write a file without tracks');
  const created = u64(...creationTimes(options.createdAt));
  return encodeParts([
    // iso6: signed composition offsets and `default-base-is-moof`; mp41: sample entries of ISO 14496-14.
    box('ftyp', ascii('iso6'), u32(0), ascii('iso6'), ascii('mp41')),
    box(
      'moov',
      movieHeader(created, Math.max(...tracks.map(trackId)) + 1),
      ...tracks.map((track) => trackBox(track, created, options)),
      box('mvex', ...tracks.map(trackDefaults)),
      runPositionBox(options),
    ),
  ]);
}

/** Creation and modification time, both. */
function creationTimes(createdAt: WallMs): readonly [number, number] {
  const seconds = Math.max(0, Math.floor(createdAt / 1000) + MP4_EPOCH_OFFSET_SECONDS);
  return [seconds, seconds];
}

function movieHeader(created: Part, nextTrackId: number): Part {
  return fullBox(
    'mvhd',
    1,
    0,
    created,
    u32(MOVIE_CLOCK_RATE_HZ),
    u64(0),
    // Rate 1.0, volume 1.0.
    u32(0x00010000),
    u16(0x0100),
    zeros(10),
    u32(...UNITY_MATRIX),
    zeros(24),
    u32(nextTrackId),
  );
}

function trackBox(track: Mp4Track, created: Part, options: InitSegmentOptions): Part {
  return box(
    'trak',
    trackHeader(track, created),
    box('edts', editList(track, options)),
    box(
      'mdia',
      fullBox('mdhd', 1, 0, created, u32(track.clockRateHz), u64(0), u16(LANGUAGE_UNDETERMINED), zeros(2)),
      handler(track),
      box(
        'minf',
        track.kind === 'video' ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4)),
        // Flag 1: the media is in this file.
        box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
        sampleTable(track),
      ),
    ),
  );
}

function trackHeader(track: Mp4Track, created: Part): Part {
  const isVideo = track.kind === 'video';
  return fullBox(
    'tkhd',
    1,
    // Enabled, in the movie.
    3,
    created,
    u32(trackId(track), 0),
    u64(0),
    zeros(8),
    // Layer, alternate group, volume.
    u16(0, 0, isVideo ? 0 : 0x0100, 0),
    u32(...UNITY_MATRIX),
    // 16.16 fixed point.
    u32(isVideo ? track.widthPx * 0x10000 : 0, isVideo ? track.heightPx * 0x10000 : 0),
  );
}

/** One edit at normal speed to the end of the media: `segment_duration` 0 in a fragmented file (8.6.6.1). */
function editList(track: Mp4Track, { first, timeline }: InitSegmentOptions): Part {
  const firstTicks = toFileTicks(timeline, first.pts, first.track.clockRateHz);
  // Never negative for a packet of the file; -1 would mean an empty edit.
  const mediaTime = Math.max(0, Math.round((firstTicks * track.clockRateHz) / first.track.clockRateHz));
  return fullBox('elst', 1, 0, u32(1), u64(0, mediaTime), u16(1, 0));
}

function handler(track: Mp4Track): Part {
  const [type, name] = track.kind === 'video' ? ['vide', 'Video\0'] : ['soun', 'Audio\0'];
  return fullBox('hdlr', 0, 0, zeros(4), ascii(type), zeros(12), ascii(name));
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
