import type { WallMs } from '../../base/time.ts';
import { ascii, box, fullBox, u16, u32, u64, zeros, type Part } from './box.ts';
import { matrixOf } from '../orientation.ts';
import type { VideoTrack } from '../packet.ts';
import { trackId, type Mp4Track } from './mp4-track.ts';

/** From 1904-01-01, where MP4 counts from (ISO 14496-12 8.2.2.3), to 1970-01-01. */
export const MP4_EPOCH_OFFSET_SECONDS = 2_082_844_800;

const UNITY_MATRIX = [0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000];
/** `und`: three letters of five bits. */
const LANGUAGE_UNDETERMINED = 0x55c4;

/** What a movie and its tracks have in common, whether their samples are in fragments or in tables. */
export interface MovieTimes {
  readonly createdAt: WallMs;
  /** 0 where it is left open. */
  readonly durationTicks: number;
}

export interface MovieHeaderOptions extends MovieTimes {
  readonly clockRateHz: number;
  readonly tracks: readonly Mp4Track[];
}

/** What files with these tracks promise beside what all do ("AV1 Codec ISO Media File Format Binding" 2.1). */
export function codecBrands(tracks: readonly Mp4Track[]): readonly Part[] {
  return tracks.some(({ codec }) => codec === 'av1') ? [ascii('av01')] : [];
}

/** `mvhd` */
export function movieHeader({ createdAt, clockRateHz, durationTicks, tracks }: MovieHeaderOptions): Part {
  return fullBox(
    'mvhd',
    1,
    0,
    creationTimes(createdAt),
    u32(clockRateHz),
    u64(durationTicks),
    // Rate 1.0, volume 1.0.
    u32(0x00010000),
    u16(0x0100),
    zeros(10),
    u32(...UNITY_MATRIX),
    zeros(24),
    u32(Math.max(...tracks.map(trackId)) + 1),
  );
}

/** `tkhd`; its duration counts in the movie's clock. */
export function trackHeader(track: Mp4Track, { createdAt, durationTicks }: MovieTimes): Part {
  const isVideo = track.kind === 'video';
  return fullBox(
    'tkhd',
    1,
    // Enabled, in the movie.
    3,
    creationTimes(createdAt),
    u32(trackId(track), 0),
    u64(durationTicks),
    zeros(8),
    // Layer, alternate group, volume.
    u16(0, 0, isVideo ? 0 : 0x0100, 0),
    isVideo ? displayMatrix(track) : u32(...UNITY_MATRIX),
    // 16.16 fixed point, before the matrix.
    u32(isVideo ? track.widthPx * 0x10000 : 0, isVideo ? track.heightPx * 0x10000 : 0),
  );
}

/** How the coded picture becomes the one that is shown (ISO 14496-12 6.2.2): two columns in 16.16, the third in 2.30. */
function displayMatrix({ widthPx, heightPx, orientation }: VideoTrack): Part {
  if (orientation === undefined) return u32(...UNITY_MATRIX);
  const { a, b, c, d } = matrixOf(orientation);
  // Back to where the picture's corner is at the origin.
  const left = (a < 0 ? widthPx : 0) + (c < 0 ? heightPx : 0);
  const top = (b < 0 ? widthPx : 0) + (d < 0 ? heightPx : 0);
  const rows = [a, b, 0, c, d, 0, left, top].map((factor) => (factor * 0x10000) >>> 0);
  return u32(...rows, 0x40000000);
}

/** `mdia`; its duration counts in the track's clock. */
export function media(track: Mp4Track, { createdAt, durationTicks }: MovieTimes, sampleTable: Part): Part {
  return box(
    'mdia',
    fullBox(
      'mdhd',
      1,
      0,
      creationTimes(createdAt),
      u32(track.clockRateHz),
      u64(durationTicks),
      u16(LANGUAGE_UNDETERMINED),
      zeros(2),
    ),
    handler(track),
    box(
      'minf',
      track.kind === 'video' ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4)),
      // Flag 1: the media is in this file.
      box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
      sampleTable,
    ),
  );
}

/** Creation and modification time, both. */
function creationTimes(createdAt: WallMs): Part {
  const seconds = Math.max(0, Math.floor(createdAt / 1000) + MP4_EPOCH_OFFSET_SECONDS);
  return u64(seconds, seconds);
}

function handler(track: Mp4Track): Part {
  const [type, name] = track.kind === 'video' ? ['vide', 'Video\0'] : ['soun', 'Audio\0'];
  return fullBox('hdlr', 0, 0, zeros(4), ascii(type), zeros(12), ascii(name));
}
