import { describe, expect, test } from 'vitest';
import { mediaTicks } from '../base/time.ts';
import { FRAGMENT_CHECKSUM_BYTES } from '../media/fmp4/checksum.ts';
import { encodeFragment } from '../media/fmp4/fragment.ts';
import { Mp4Error } from '../media/fmp4/mp4-error.ts';
import { makePacket } from '../media/fmp4/testing/packets.ts';
import { h264HighTrack, stereoTrack } from '../media/fmp4/testing/test-tracks.ts';
import { encodeLiveFragment, type LiveRun } from './live-fragment.ts';

const TIMELINE = { startTicks: -9_000, clockRateHz: 6_000 };
const picture = { track: h264HighTrack, lastTicks: 3_600 };

/** What files have, with their checksum taken out of `moof`. */
function plainHead({ track, packets, lastTicks }: LiveRun): Uint8Array {
  const nextDts = mediaTicks((packets.at(-1)?.dts ?? 0) + lastTicks);
  const [head = new Uint8Array(0)] = encodeFragment(7, [{ track, packets, nextDts }], TIMELINE);
  const checksumBytes = 8 + FRAGMENT_CHECKSUM_BYTES;
  const moofBytes = head.byteLength - 8 - checksumBytes;
  const plain = Buffer.concat([head.subarray(0, moofBytes), head.subarray(-8)]);
  plain.writeUInt32BE(moofBytes, 0);
  const dataOffsetAt = plain.indexOf('trun') + 12;
  plain.writeInt32BE(plain.readInt32BE(dataOffsetAt) - checksumBytes, dataOffsetAt);
  return new Uint8Array(plain);
}

describe('encodeLiveFragment', () => {
  test.each([
    ['a key picture', { ...picture, packets: [makePacket(h264HighTrack, { dts: 0 })] }],
    [
      'a picture that is shown later than it is decoded',
      {
        ...picture,
        packets: [makePacket(h264HighTrack, { dts: 2 ** 40, isKey: false, compositionOffset: 7_200 })],
      },
    ],
    [
      'sound behind a filler',
      {
        track: stereoTrack,
        packets: [makePacket(stereoTrack, { dts: 500 }), makePacket(stereoTrack, { dts: 3_000 })],
        lastTicks: 1_024,
      },
    ],
  ] as const)('tells %s as files do', (_, run) => {
    expect(encodeLiveFragment(7, run, TIMELINE)).toEqual(plainHead(run));
  });

  test.each([
    ['from before the beginning', { ...picture, packets: [makePacket(h264HighTrack, { dts: -200_000 })] }],
    ['without duration', { ...picture, lastTicks: 0, packets: [makePacket(h264HighTrack, { dts: 0 })] }],
    [
      'shown hours after it is decoded',
      { ...picture, packets: [makePacket(h264HighTrack, { dts: 0, compositionOffset: 2 ** 31 })] },
    ],
  ] as const)('refuses a packet %s', (_, run) => {
    expect(() => encodeLiveFragment(1, run, TIMELINE)).toThrow(Mp4Error);
  });
});
