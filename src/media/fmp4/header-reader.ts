import type { Orientation } from '../../base/orientation.ts';
import { wallMs, type MediaTicks, type WallMs } from '../../base/time.ts';
import {
  findChild,
  readBoxHeader,
  readChildren,
  readContent,
  readFullBoxHead,
  requireChild,
  type ChildBox,
} from './box-reader.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { readExactly, type ByteSource } from './byte-source.ts';
import { judgeHead, type HeadChecksum } from './checksum.ts';
import { isExactTime, toRunTicks, type FileTimeline } from './file-timeline.ts';
import { orientationOf } from '../orientation.ts';
import { MP4_EPOCH_OFFSET_SECONDS } from './movie-boxes.ts';
import { Mp4Error } from './mp4-error.ts';
import type { Mp4Track } from './mp4-track.ts';
import { readRunPosition } from './run-position.ts';
import { readSampleEntry } from './sample-entry-reader.ts';

/** What a sample has where its fragment does not say otherwise (`trex`). */
export interface SampleDefaults {
  readonly durationTicks: number;
  readonly sizeBytes: number;
  readonly flags: number;
}

export interface TrackHeader {
  readonly trackId: number;
  readonly track: Mp4Track;
  /** What the track's edit list shows at 0:00; undefined without one. */
  readonly firstShown: MediaTicks | undefined;
  readonly defaults: SampleDefaults;
}

/** What stands before the fragments of a file. */
export interface Mp4Header {
  /** The wall time of the file's 0:00; whole seconds in a file that is not ours. */
  readonly createdAt: WallMs;
  /** Where the file lies in its run; a file that is not ours is a run of its own. */
  readonly timeline: FileTimeline;
  readonly runStartWallMs: WallMs;
  /** The tracks of codecs we know, at least one. */
  readonly tracks: readonly TrackHeader[];
  /** `ftyp` to `moov`: where the first fragment is looked for. */
  readonly sizeBytes: number;
  readonly checksum: HeadChecksum;
}

/** A header of ours takes under 2 KiB. */
const MAX_MOOV_BYTES = 2 ** 20;
const MAX_TRACKS = 8;
const MAX_BOXES_BEFORE_MOOV = 8;
const OWN_RUN: FileTimeline = { startTicks: 0, clockRateHz: 1 };

/**
 * Parses `ftyp` and `moov`.
 * @throws Mp4Error `truncated`, `malformed` or `too-large`, and `unsupported` for a file that is not fragmented or
 *   has no track of a codec we know.
 */
export async function readHeader(source: ByteSource): Promise<Mp4Header> {
  let positionBytes = 0;
  for (let i = 0; i < MAX_BOXES_BEFORE_MOOV; i += 1) {
    const found = await readBoxHeader(source, positionBytes);
    if (i === 0 && found.type !== 'ftyp') {
      throw new Mp4Error('malformed', `cannot read the file as MP4: it begins with ${found.type}`, 0);
    }
    const endBytes = positionBytes + found.sizeBytes;
    if (found.type === 'moov') {
      const { isSealed, ...header } = parseMovie(await readContent(source, found, MAX_MOOV_BYTES), endBytes);
      const checksum = isSealed ? judgeHead(await readExactly(source, 0, endBytes)) : 'none';
      return { ...header, checksum };
    }
    if (endBytes > source.sizeBytes) {
      throw new Mp4Error(
        'truncated',
        `cannot read the file: it ends within its ${found.type}`,
        positionBytes,
      );
    }
    positionBytes = endBytes;
  }
  throw new Mp4Error('malformed', 'cannot find the moov of the file', positionBytes);
}

function parseMovie(moov: ByteCursor, sizeBytes: number) {
  const children = readChildren(moov);
  const created = parseCreationTime(requireChild(children, 'mvhd', moov));
  const { createdAt, timeline, runStartWallMs, isSealed } = readRunPosition(children) ?? {
    createdAt: created,
    timeline: OWN_RUN,
    runStartWallMs: created,
    isSealed: false,
  };
  const extension = findChild(children, 'mvex');
  if (extension === undefined) {
    throw new Mp4Error('unsupported', 'cannot read a file that is not fragmented', moov.positionBytes);
  }
  const defaults = parseTrackDefaults(extension);
  const traks = children.filter((child) => child.type === 'trak');
  if (traks.length > MAX_TRACKS) {
    throw new Mp4Error('too-large', `cannot read a file of ${traks.length} tracks`, moov.positionBytes);
  }
  const tracks = traks.flatMap(({ content }) => parseTrack(content, defaults, timeline));
  if (tracks.length === 0) {
    throw new Mp4Error('unsupported', 'cannot find a track of a known codec', moov.positionBytes);
  }
  return { createdAt, timeline, runStartWallMs, tracks, sizeBytes, isSealed };
}

function parseCreationTime(mvhd: ByteCursor): WallMs {
  const { version } = readFullBoxHead(mvhd);
  return wallMs((mvhd.u32or64(version) - MP4_EPOCH_OFFSET_SECONDS) * 1000);
}

function parseTrackDefaults(mvex: ByteCursor): ReadonlyMap<number, SampleDefaults> {
  const defaults = new Map<number, SampleDefaults>();
  for (const { type, content } of readChildren(mvex)) {
    if (type !== 'trex') continue;
    readFullBoxHead(content);
    const trackId = content.u32();
    // The sample description index: there is one.
    content.skip(4);
    defaults.set(trackId, { durationTicks: content.u32(), sizeBytes: content.u32(), flags: content.u32() });
  }
  return defaults;
}

/** No header for a track of a codec we do not know. */
function parseTrack(
  trak: ByteCursor,
  allDefaults: ReadonlyMap<number, SampleDefaults>,
  timeline: FileTimeline,
): TrackHeader[] {
  const children = readChildren(trak);
  const { trackId, orientation } = parseTrackHeader(requireChild(children, 'tkhd', trak));
  const mdia = requireChild(children, 'mdia', trak);
  const media = readChildren(mdia);
  const clockRateHz = parseClockRate(requireChild(media, 'mdhd', mdia));
  const track = readSampleEntry(parseSampleDescription(media, mdia), trackId - 1, clockRateHz);
  if (track === undefined) return [];
  const defaults = allDefaults.get(trackId);
  if (defaults === undefined) throw trak.malformed(`track ${trackId} has no trex`);
  if (clockRateHz % timeline.clockRateHz !== 0)
    throw trak.malformed('a clock that its time line does not divide');
  const mediaTime = parseEditList(children);
  const firstShown = mediaTime === undefined ? undefined : toRunTicks(timeline, mediaTime, clockRateHz);
  if (firstShown !== undefined && !isExactTime(firstShown))
    throw trak.malformed(`${mediaTime} is too late a time`);
  const isTurned = track.kind === 'video' && orientation !== undefined;
  return [{ trackId, track: isTurned ? { ...track, orientation } : track, firstShown, defaults }];
}

function parseTrackHeader(tkhd: ByteCursor) {
  const { version } = readFullBoxHead(tkhd);
  tkhd.skip(version === 1 ? 16 : 8);
  const trackId = tkhd.u32();
  if (trackId === 0) throw tkhd.malformed('a track has number zero');
  // The duration with what is reserved before it; then layer, alternate group, volume and more that is reserved.
  tkhd.skip((version === 1 ? 12 : 8) + 8 + 8);
  return { trackId, orientation: parseMatrix(tkhd) };
}

/** ISO 14496-12 6.2.2. */
function parseMatrix(tkhd: ByteCursor): Orientation | undefined {
  const factor = () => (tkhd.u32() | 0) / 0x10000;
  const [a, b, , c, d] = [factor(), factor(), factor(), factor(), factor()];
  return orientationOf(a, b, c, d);
}

function parseClockRate(mdhd: ByteCursor): number {
  const { version } = readFullBoxHead(mdhd);
  mdhd.skip(version === 1 ? 16 : 8);
  const clockRateHz = mdhd.u32();
  if (clockRateHz === 0) throw mdhd.malformed('a track has no clock');
  return clockRateHz;
}

/** The first entry of `stsd`. */
function parseSampleDescription(media: readonly ChildBox[], mdia: ByteCursor): ChildBox {
  const minf = requireChild(media, 'minf', mdia);
  const stbl = requireChild(readChildren(minf), 'stbl', minf);
  const stsd = requireChild(readChildren(stbl), 'stsd', stbl);
  readFullBoxHead(stsd);
  stsd.skip(4);
  const entry = readChildren(stsd)[0];
  if (entry === undefined) throw stsd.malformed('a track has no sample entry');
  return entry;
}

/** What is shown first on the track's own time line, when a single edit says so. */
function parseEditList(trak: readonly ChildBox[]): number | undefined {
  const edts = findChild(trak, 'edts');
  const elst = edts && findChild(readChildren(edts), 'elst');
  if (elst === undefined) return undefined;
  const { version } = readFullBoxHead(elst);
  if (elst.u32() !== 1) return undefined;
  elst.u32or64(version);
  return elst.u32or64(version);
}
