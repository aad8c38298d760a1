import { wallMs } from '../../src/base/time.ts';
import { aacCodecString, parseAudioSpecificConfig } from '../../src/media/aac.ts';
import { av1Track } from '../../src/media/av1.ts';
import { BitstreamError } from '../../src/media/bit-reader.ts';
import { encodeInitSegment } from '../../src/media/fmp4/init-segment.ts';
import { Mp4Error } from '../../src/media/fmp4/mp4-error.ts';
import { makePacket } from '../../src/media/fmp4/testing/packets.ts';
import { h264SlicePpsId, h264Track, parseH264PpsIds, parseH264Sps } from '../../src/media/h264.ts';
import {
  h265SlicePpsId,
  h265Track,
  parseH265PpsIds,
  parseH265Sps,
  parseH265VpsId,
} from '../../src/media/h265.ts';
import { readObus } from '../../src/media/obu.ts';
import type { VideoTrack } from '../../src/media/packet.ts';
import { inspectTemporalUnit, packetUnits } from '../../src/media/temporal-unit.ts';
import { AV1_HEADERS } from '../../src/media/testing/av1-headers.ts';
import {
  H264_BASELINE_360,
  H264_HIGH422_360,
  H264_INTERLACED_352,
  H264_MAIN_1080,
  H264_MAIN_182,
  H265_MAIN10_362,
  H265_MAIN_1080,
} from '../rtp/parameter-sets.ts';
import { bytesOf } from '../rtp/rtp-script.ts';
import { breedInput, joinBytes, type Breed } from './mutate.ts';
import { ensure, type ErrorClass, type FuzzTarget } from './target.ts';

const SETS_LIMIT_BYTES = 1024 * 1024;
/** The largest set that a depacketizer keeps. */
const MAX_SET_BYTES = 4096;

const H264: Breed = {
  corpus: [
    H264_MAIN_1080.sps,
    ...[H264_BASELINE_360, H264_MAIN_182, H264_HIGH422_360, H264_INTERLACED_352].flatMap(({ sps, pps }) => [
      sps,
      pps,
    ]),
    bytesOf(0x65, 0x88, 0x84, 0x00, 0x33),
  ],
  words: [
    bytesOf(0),
    bytesOf(0, 0, 3),
    bytesOf(0xff, 0xff),
    bytesOf(0x80),
    bytesOf(0x67, 100),
    bytesOf(0x67, 244),
  ],
  maxBytes: MAX_SET_BYTES,
};

const H265: Breed = {
  corpus: [
    H265_MAIN_1080.sps,
    ...[H265_MAIN_1080, H265_MAIN10_362].flatMap(({ vps, sps, pps }) => [sps, vps, sps, pps]),
    bytesOf(0x26, 0x01, 0xaf, 0x00, 0x33),
  ],
  words: [bytesOf(0), bytesOf(0, 0, 3), bytesOf(0xff, 0xff), bytesOf(0x80), bytesOf(0x42, 0x01, 0x0d)],
  maxBytes: MAX_SET_BYTES,
};

const AV1: Breed = {
  corpus: [
    AV1_HEADERS.main.bytes,
    ...Object.values(AV1_HEADERS).map(({ bytes }) => bytes),
    joinBytes(bytesOf(0x12, 0), AV1_HEADERS.main.bytes, bytesOf(0x32, 4, 0x10, 1, 2, 3)),
    bytesOf(0x32, 2, 0x30, 1, 0x7a, 1, 0x80, 0x34, 0x20, 0x30, 9),
  ],
  words: [bytesOf(0), bytesOf(0xff, 0xff), bytesOf(0x80), bytesOf(0x12, 0), bytesOf(0x0a), bytesOf(0x32, 1)],
  maxBytes: MAX_SET_BYTES,
};

const AAC: Breed = {
  corpus: [
    bytesOf(0x14, 0x08),
    bytesOf(0x11, 0x90, 0x56, 0xe5, 0x00),
    bytesOf(0x2b, 0x92, 0x08, 0x00),
    bytesOf(0xf9, 0x48, 0x23),
  ],
  words: [bytesOf(0xff), bytesOf(0), bytesOf(0x17, 0x80)],
  maxBytes: 64,
};

export const parameterSetTargets: readonly FuzzTarget[] = [
  {
    name: 'h264-sets',
    share: 12,
    tolerates: [],
    retainedLimitBytes: SETS_LIMIT_BYTES,
    generate: (random) => breedInput(random, H264),
    run: (input) => {
      attempt(() => ensure(parseH264PpsIds(input).id <= 255, 'a PPS id is 0..255'), BitstreamError);
      attempt(() => ensure(h264SlicePpsId(input) <= 255, 'a PPS id is 0..255'), BitstreamError);
      return attempt(() => {
        const { id, reorderDepth = 0 } = parseH264Sps(input);
        ensure(id <= 31 && reorderDepth <= 16, 'an SPS has its fields in range');
        return checkTrack(h264Track(0, input, [H264_MAIN_1080.pps]));
      }, BitstreamError);
    },
  },
  {
    name: 'h265-sets',
    share: 12,
    tolerates: [],
    retainedLimitBytes: SETS_LIMIT_BYTES,
    generate: (random) => breedInput(random, H265),
    run: (input) => {
      attempt(() => ensure(parseH265PpsIds(input).id <= 63, 'a PPS id is 0..63'), BitstreamError);
      attempt(() => ensure(parseH265VpsId(input) <= 15, 'a VPS id is 0..15'), BitstreamError);
      attempt(() => ensure(h265SlicePpsId(input) <= 63, 'a PPS id is 0..63'), BitstreamError);
      return attempt(() => {
        const { id, reorderDepth, temporalLayers } = parseH265Sps(input);
        ensure(id <= 15 && reorderDepth <= 15 && temporalLayers <= 7, 'an SPS has its fields in range');
        const { vps, pps } = H265_MAIN_1080;
        return checkTrack(h265Track(0, { codec: 'h265', vps, sps: input, pps: [pps] }));
      }, BitstreamError);
    },
  },
  {
    name: 'av1-units',
    share: 12,
    tolerates: [],
    retainedLimitBytes: SETS_LIMIT_BYTES,
    generate: (random) => breedInput(random, AV1),
    run: (input) => {
      attempt(() => {
        for (const { type, bytes, payload } of readObus(input)) {
          ensure(type <= 15 && payload.byteLength < bytes.byteLength, 'an OBU has a header');
        }
        inspectTemporalUnit(input);
        const kept = Buffer.concat(packetUnits(input));
        ensure(Buffer.concat(packetUnits(kept)).equals(kept), 'what packets hold is in order');
      }, BitstreamError);
      return attempt(() => checkTrack(av1Track(0, { codec: 'av1', sequenceHeader: input })), BitstreamError);
    },
  },
  {
    name: 'aac-config',
    share: 5,
    tolerates: [BitstreamError],
    retainedLimitBytes: SETS_LIMIT_BYTES,
    generate: (random) => breedInput(random, AAC),
    run: (input) => {
      const config = parseAudioSpecificConfig(input);
      ensure(config.sampleRateHz > 0 && config.sampleRateHz <= 192_000, 'a sample rate is in range');
      ensure(/^mp4a\.40\.\d{1,2}$/.test(aacCodecString(config)), 'a codec string is well formed');
      return config;
    },
  },
];

/** What `action` gives; undefined if it throws `tolerated`. */
function attempt(action: () => unknown, tolerated: ErrorClass): unknown {
  try {
    return action();
  } catch (error) {
    if (error instanceof tolerated) return undefined;
    throw error;
  }
}

/** A track can be told to players and put into a file, or the file says why not. */
function checkTrack(track: VideoTrack): VideoTrack {
  const { widthPx, heightPx, codecString } = track;
  ensure(widthPx >= 1 && widthPx <= 16_384 && heightPx >= 1 && heightPx <= 16_384, 'a picture has a size');
  ensure(
    /^(avc1\.[0-9a-f]{6}|av01\.[0-2]\.\d\d[MH]\.(08|10|12)|hvc1\.[ABC]?\d+\.[0-9a-f]+\.[LH]\d+(\.[0-9a-f]+)*)$/.test(
      codecString,
    ),
    'a codec string is well formed',
  );
  attempt(() => {
    const first = makePacket(track, { dts: 0 });
    encodeInitSegment({
      tracks: [track],
      timeline: { startTicks: 0, clockRateHz: 90_000 },
      first,
      createdAt: wallMs(0),
      runStartWallMs: wallMs(0),
    });
  }, Mp4Error);
  return track;
}
