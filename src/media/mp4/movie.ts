import type { WallMs } from '../../base/time.ts';
import { ascii, box, encodeParts, fullBox, i64, u16, u32, u64, type Part } from '../fmp4/box.ts';
import { codecBrands, media, movieHeader, trackHeader } from '../fmp4/movie-boxes.ts';
import { Mp4Error } from '../fmp4/mp4-error.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../packet.ts';
import type { SampleTable } from './sample-table.ts';

/** The movie's own clock, in which edits last: video's, so that a cut falls between two pictures. */
export const MOVIE_CLOCK_RATE_HZ = VIDEO_CLOCK_RATE_HZ;

/** A track with what is played of it. */
export interface MovieTrack {
  readonly table: SampleTable;
  /** Nothing is played at first, for so many ticks of the movie. */
  readonly emptyTicks: number;
  /** From where on it is played, in ticks of the track since its first sample's decoding. */
  readonly mediaTime: number;
  /** For how long, in ticks of the movie. */
  readonly playedTicks: number;
}

export interface MovieOptions {
  /** At least one, in the order players list them. */
  readonly tracks: readonly MovieTrack[];
  readonly payloadSizeBytes: number;
  /** The wall time of 0:00. */
  readonly createdAt: WallMs;
}

/** `mdat` with a 64-bit size. */
const PAYLOAD_HEADER_BYTES = 16;

/**
 * The head of an ordinary MP4 with its tables first: `ftyp`, `moov` and the beginning of `mdat`, to be followed by the
 * payload and nothing else.
 * @throws Mp4Error `unrepresentable` without tracks or for parameter sets that do not fit their boxes; BitstreamError
 *   for those that cannot be parsed.
 */
export function encodeMovie({ tracks, payloadSizeBytes, createdAt }: MovieOptions): Uint8Array {
  if (tracks.length === 0) throw new Mp4Error('unrepresentable', 'cannot write a file without tracks');
  const durationTicks = Math.max(...tracks.map(lengthTicks));
  // iso6: signed composition offsets; mp41: sample entries of ISO 14496-14.
  const brands = [
    ascii('isom'),
    ascii('iso6'),
    ascii('mp41'),
    ...codecBrands(tracks.map(({ table }) => table.track)),
  ];
  const type = box('ftyp', ascii('isom'), u32(0), ...brands);
  const moov: Part = box(
    'moov',
    movieHeader({
      createdAt,
      durationTicks,
      clockRateHz: MOVIE_CLOCK_RATE_HZ,
      tracks: tracks.map(({ table }) => table.track),
    }),
    ...tracks.map((track) =>
      trackBox(track, createdAt, () => type.sizeBytes + moov.sizeBytes + PAYLOAD_HEADER_BYTES),
    ),
  );
  const payloadHead = [u32(1), ascii('mdat'), u64(PAYLOAD_HEADER_BYTES + payloadSizeBytes)];
  return encodeParts([type, moov, ...payloadHead]);
}

function trackBox(track: MovieTrack, createdAt: WallMs, payloadPositionBytes: () => number): Part {
  const { table } = track;
  return box(
    'trak',
    trackHeader(table.track, { createdAt, durationTicks: lengthTicks(track) }),
    box('edts', editList(track)),
    media(table.track, { createdAt, durationTicks: table.durationTicks }, table.encode(payloadPositionBytes)),
  );
}

/** ISO 14496-12 8.6.6; a media time of -1 is an empty edit. */
function editList({ emptyTicks, playedTicks, mediaTime }: MovieTrack): Part {
  const edits = [[playedTicks, mediaTime] as const];
  if (emptyTicks > 0) edits.unshift([emptyTicks, -1]);
  const entries = edits.flatMap(([lasts, from]) => [u64(lasts), i64(from), u16(1, 0)]);
  return fullBox('elst', 1, 0, u32(edits.length), ...entries);
}

function lengthTicks({ emptyTicks, playedTicks }: MovieTrack): number {
  return emptyTicks + playedTicks;
}
