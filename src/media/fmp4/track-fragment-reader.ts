import { mediaTicks, type MediaTicks } from '../../base/time.ts';
import { readChildren, readFullBoxHead, requireChild } from './box-reader.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { isExactTime, toRunTicks } from './file-timeline.ts';
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

/** Where a fragment and the content of its `mdat` lie in the file. */
export interface FragmentPlace {
  readonly moofPositionBytes: number;
  readonly dataStartBytes: number;
  readonly dataEndBytes: number;
}

/** 5 minutes of 120 frames a second, and more than any fragment the recorder writes. */
const MAX_SAMPLES_PER_RUN = 2 ** 16;

const TFHD = {
  baseDataOffset: 0x000001,
  sampleDescriptionIndex: 0x000002,
  duration: 0x000008,
  size: 0x000010,
  flags: 0x000020,
  defaultBaseIsMoof: 0x020000,
} as const;
const TRUN = {
  dataOffset: 0x000001,
  firstSampleFlags: 0x000004,
  duration: 0x000100,
  size: 0x000200,
  flags: 0x000400,
  compositionOffset: 0x000800,
} as const;

/**
 * Parses a `traf`; undefined for a track that the header does not know.
 * @throws Mp4Error `malformed`, `too-large`, or `unsupported` for data addressed otherwise than from the `moof`.
 */
export function parseTrackFragment(
  traf: ByteCursor,
  place: FragmentPlace,
  { tracks, timeline }: Mp4Header,
): Mp4Run | undefined {
  const children = readChildren(traf);
  const tfhd = requireChild(children, 'tfhd', traf);
  const { flags } = readFullBoxHead(tfhd);
  const trackId = tfhd.u32();
  const header = tracks.find((known) => known.trackId === trackId);
  if (header === undefined) return undefined;
  const defaults = parseDefaults(tfhd, flags, header.defaults);
  const tfdt = requireChild(children, 'tfdt', traf);
  const fileTicks = tfdt.u32or64(readFullBoxHead(tfdt).version);
  const samples: Mp4Sample[] = [];
  let dts = toRunTicks(timeline, fileTicks, header.track.clockRateHz);
  if (!isExactTime(dts)) throw tfdt.malformed(`${fileTicks} is too late a time`);
  for (const { type, content } of children) {
    if (type === 'trun') dts = parseRun(content, place, defaults, dts, samples);
  }
  return { header, samples };
}

/** ISO 14496-12 8.8.7: what a `tfhd` says about every sample of the fragment, else what the `trex` said. */
function parseDefaults(tfhd: ByteCursor, flags: number, trex: SampleDefaults): SampleDefaults {
  if (!has(flags, TFHD.defaultBaseIsMoof) || has(flags, TFHD.baseDataOffset)) {
    const { positionBytes } = tfhd;
    throw new Mp4Error('unsupported', 'cannot read a fragment not addressed from its moof', positionBytes);
  }
  if (has(flags, TFHD.sampleDescriptionIndex)) tfhd.skip(4);
  return {
    durationTicks: has(flags, TFHD.duration) ? tfhd.u32() : trex.durationTicks,
    sizeBytes: has(flags, TFHD.size) ? tfhd.u32() : trex.sizeBytes,
    flags: has(flags, TFHD.flags) ? tfhd.u32() : trex.flags,
  };
}

/** Appends the samples of a `trun` (8.8.8), the first decoded at `startDts`; gives when they end. */
function parseRun(
  trun: ByteCursor,
  place: FragmentPlace,
  defaults: SampleDefaults,
  startDts: MediaTicks,
  samples: Mp4Sample[],
): MediaTicks {
  const { version, flags } = readFullBoxHead(trun);
  const count = trun.u32();
  if (samples.length + count > MAX_SAMPLES_PER_RUN) {
    throw new Mp4Error('too-large', `cannot read a run of ${count} samples`, trun.positionBytes);
  }
  if (!has(flags, TRUN.dataOffset)) {
    throw new Mp4Error('unsupported', 'cannot read a run without a data offset', trun.positionBytes);
  }
  let positionBytes = place.moofPositionBytes + trun.i32();
  let dts = startDts;
  const firstFlags = has(flags, TRUN.firstSampleFlags) ? trun.u32() : undefined;
  for (let i = 0; i < count; i += 1) {
    const durationTicks = has(flags, TRUN.duration) ? trun.u32() : defaults.durationTicks;
    const sizeBytes = has(flags, TRUN.size) ? trun.u32() : defaults.sizeBytes;
    const ownFlags = has(flags, TRUN.flags) ? trun.u32() : defaults.flags;
    const isKey = isKeySample(i === 0 ? (firstFlags ?? ownFlags) : ownFlags);
    const pts = mediaTicks(dts + (has(flags, TRUN.compositionOffset) ? readOffset(trun, version) : 0));
    if (positionBytes < place.dataStartBytes || positionBytes + sizeBytes > place.dataEndBytes) {
      throw trun.malformed(`a sample of ${sizeBytes} bytes at ${positionBytes} lies outside its mdat`);
    }
    samples.push({ positionBytes, sizeBytes, isKey, pts, dts, durationTicks });
    positionBytes += sizeBytes;
    dts = mediaTicks(dts + durationTicks);
  }
  if (!isExactTime(dts)) throw trun.malformed(`${dts} is too late a time`);
  return dts;
}

/** Composition offsets are signed from version 1 on. */
function readOffset(trun: ByteCursor, version: number): number {
  return version === 0 ? trun.u32() : trun.i32();
}

function has(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}
