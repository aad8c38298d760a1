import type { MediaTicks } from '../../base/time.ts';
import { readBoxHeader, readChildren, readContent, readFullBoxHead, requireChild } from './box-reader.ts';
import type { ByteCursor } from './byte-cursor.ts';
import type { ByteSource } from './byte-source.ts';
import { toRunTicks } from './file-time.ts';
import type { Mp4Header, SampleDefaults, TrackHeader } from './header-reader.ts';
import { Mp4Error } from './mp4-error.ts';
import { isKeySample } from './sample-flags.ts';

/** A packet as the file's tables describe it. */
export interface Mp4Sample {
  /** Where its bytes begin in the file. */
  readonly positionBytes: number;
  readonly sizeBytes: number;
  readonly isKey: boolean;
  /** In ticks of its track since the run's start, like those of `Packet`. */
  readonly pts: MediaTicks;
  readonly dts: MediaTicks;
  readonly durationTicks: number;
}

export interface Mp4Run {
  readonly header: TrackHeader;
  /** In decoding order. */
  readonly samples: readonly Mp4Sample[];
}

/** One `moof` with its `mdat`. */
export interface Mp4Fragment {
  readonly positionBytes: number;
  readonly sizeBytes: number;
  readonly sequenceNumber: number;
  /** Tracks that the header does not know are left out. */
  readonly runs: readonly Mp4Run[];
}

/** 60 seconds of 120 frames and 94 AAC frames a second, and more than any GOP the recorder writes. */
const MAX_SAMPLES_PER_FRAGMENT = 65_536;
const MAX_MOOF_BYTES = 2 ** 21;
const MAX_BOXES_BETWEEN_FRAGMENTS = 64;

const DEFAULT_BASE_IS_MOOF = 0x020000;
const TFHD_BASE_DATA_OFFSET = 0x000001;
const TRUN_DATA_OFFSET = 0x000001;

/**
 * The fragment at `positionBytes`, or the next after other boxes; undefined where the file ends cleanly.
 * The next one follows at `positionBytes + sizeBytes` of the result. That its samples lie in the file is checked,
 * what they hold is not.
 * @throws Mp4Error `truncated`, `malformed`, `too-large`, or `unsupported` for data addressed otherwise than from the
 *   start of the `moof`.
 */
export async function readFragment(
  source: ByteSource,
  header: Mp4Header,
  positionBytes: number,
): Promise<Mp4Fragment | undefined> {
  let nextPositionBytes = positionBytes;
  for (let i = 0; i < MAX_BOXES_BETWEEN_FRAGMENTS; i += 1) {
    if (nextPositionBytes === source.sizeBytes) return undefined;
    const found = await readBoxHeader(source, nextPositionBytes);
    if (found.type === 'moof') {
      const moof = await readContent(source, found, MAX_MOOF_BYTES);
      const mdat = await readMediaData(source, found.positionBytes + found.sizeBytes);
      return parseFragment(moof, found.positionBytes, mdat, header);
    }
    nextPositionBytes += found.sizeBytes;
    if (nextPositionBytes > source.sizeBytes) break;
  }
  throw new Mp4Error('malformed', 'cannot find the next fragment', positionBytes);
}

interface ByteRange {
  readonly startBytes: number;
  readonly endBytes: number;
}

/** The content of the `mdat` that must follow a `moof`, as positions in the file. */
async function readMediaData(source: ByteSource, positionBytes: number): Promise<ByteRange> {
  const { type, headerBytes, sizeBytes } = await readBoxHeader(source, positionBytes);
  if (type !== 'mdat') {
    throw new Mp4Error('malformed', `cannot read a fragment: a ${type} follows its moof`, positionBytes);
  }
  const endBytes = positionBytes + sizeBytes;
  if (endBytes > source.sizeBytes) {
    const missing = endBytes - source.sizeBytes;
    throw new Mp4Error(
      'truncated',
      `cannot read a fragment: its last ${missing} bytes are missing`,
      positionBytes,
    );
  }
  return { startBytes: positionBytes + headerBytes, endBytes };
}

function parseFragment(
  moof: ByteCursor,
  positionBytes: number,
  mdat: ByteRange,
  header: Mp4Header,
): Mp4Fragment {
  const children = readChildren(moof);
  const movieHeader = requireChild(children, 'mfhd', moof);
  readFullBoxHead(movieHeader);
  const sequenceNumber = movieHeader.u32();
  const runs: Mp4Run[] = [];
  for (const { type, content } of children) {
    if (type !== 'traf') continue;
    const run = parseTrackFragment(content, positionBytes, mdat, header);
    if (run === undefined) continue;
    if (runs.some((other) => other.header === run.header)) throw content.malformed('a track comes twice');
    runs.push(run);
  }
  return { positionBytes, sizeBytes: mdat.endBytes - positionBytes, sequenceNumber, runs };
}

/** The run of a track that the header knows. */
function parseTrackFragment(
  traf: ByteCursor,
  moofPositionBytes: number,
  mdat: ByteRange,
  { tracks }: Mp4Header,
): Mp4Run | undefined {
  const children = readChildren(traf);
  const tfhd = requireChild(children, 'tfhd', traf);
  const { flags } = readFullBoxHead(tfhd);
  const trackId = tfhd.u32();
  const header = tracks.find((known) => known.trackId === trackId);
  if (header === undefined) return undefined;
  const parser = new RunParser(header, parseDefaults(tfhd, flags, header.defaults), moofPositionBytes, mdat);
  const tfdt = requireChild(children, 'tfdt', traf);
  parser.dts = tfdt.u32or64(readFullBoxHead(tfdt).version);
  for (const { type, content } of children) if (type === 'trun') parser.parse(content);
  return { header, samples: parser.samples };
}

/** ISO 14496-12 8.8.7: what a `tfhd` says about every sample of the fragment, else what the `trex` said. */
function parseDefaults(tfhd: ByteCursor, flags: number, trex: SampleDefaults): SampleDefaults {
  if ((flags & DEFAULT_BASE_IS_MOOF) === 0 || (flags & TFHD_BASE_DATA_OFFSET) !== 0) {
    throw new Mp4Error(
      'unsupported',
      'cannot read a fragment not addressed from its moof',
      tfhd.positionBytes,
    );
  }
  if ((flags & 0x02) !== 0) tfhd.skip(4);
  return {
    durationTicks: (flags & 0x08) === 0 ? trex.durationTicks : tfhd.u32(),
    sizeBytes: (flags & 0x10) === 0 ? trex.sizeBytes : tfhd.u32(),
    flags: (flags & 0x20) === 0 ? trex.flags : tfhd.u32(),
  };
}

/** Collects the samples of a track's `trun` boxes (ISO 14496-12 8.8.8), which continue each other in time. */
class RunParser {
  readonly samples: Mp4Sample[] = [];
  /** Of the next sample, on the file's time line. */
  dts = 0;
  readonly #clockRateHz: number;
  readonly #defaults: SampleDefaults;
  readonly #moofPositionBytes: number;
  readonly #mdat: ByteRange;

  constructor(header: TrackHeader, defaults: SampleDefaults, moofPositionBytes: number, mdat: ByteRange) {
    this.#clockRateHz = header.track.clockRateHz;
    this.#defaults = defaults;
    this.#moofPositionBytes = moofPositionBytes;
    this.#mdat = mdat;
  }

  parse(trun: ByteCursor): void {
    const { version, flags } = readFullBoxHead(trun);
    const count = trun.u32();
    if (this.samples.length + count > MAX_SAMPLES_PER_FRAGMENT) {
      throw new Mp4Error('too-large', `cannot read a run of ${count} samples`, trun.positionBytes);
    }
    if ((flags & TRUN_DATA_OFFSET) === 0) {
      throw new Mp4Error('unsupported', 'cannot read a run without a data offset', trun.positionBytes);
    }
    let positionBytes = this.#moofPositionBytes + trun.i32();
    const firstFlags = (flags & 0x04) === 0 ? undefined : trun.u32();
    for (let i = 0; i < count; i += 1) {
      const durationTicks = (flags & 0x100) === 0 ? this.#defaults.durationTicks : trun.u32();
      const sizeBytes = (flags & 0x200) === 0 ? this.#defaults.sizeBytes : trun.u32();
      const ownFlags = (flags & 0x400) === 0 ? this.#defaults.flags : trun.u32();
      const compositionOffset = (flags & 0x800) === 0 ? 0 : version === 0 ? trun.u32() : trun.i32();
      this.#requireInside(positionBytes, sizeBytes, trun);
      this.samples.push({
        positionBytes,
        sizeBytes,
        isKey: isKeySample(i === 0 ? (firstFlags ?? ownFlags) : ownFlags),
        pts: toRunTicks(this.dts + compositionOffset, this.#clockRateHz),
        dts: toRunTicks(this.dts, this.#clockRateHz),
        durationTicks,
      });
      positionBytes += sizeBytes;
      this.dts += durationTicks;
    }
  }

  #requireInside(positionBytes: number, sizeBytes: number, trun: ByteCursor): void {
    const { startBytes, endBytes } = this.#mdat;
    if (positionBytes < startBytes || positionBytes + sizeBytes > endBytes) {
      throw trun.malformed(`a sample of ${sizeBytes} bytes at ${positionBytes} lies outside its mdat`);
    }
  }
}
