import { expect, test } from 'vitest';
import { sdpMedia } from '../../../test/rtp/rtp-script.ts';
import { BitstreamError } from '../../media/bit-reader.ts';
import { sampledTrack } from './sampled-track.ts';

test.each([
  ['PCMU', 'pcmu', 8],
  ['PCMA', 'pcma', 8],
  ['L16', 'l16', 16],
  ['G726-16', 'g726', 2],
  ['G726-40', 'g726', 5],
  ['AAL2-G726-32', 'aal2-g726', 4],
] as const)('knows %s', (encoding, codec, bitsPerSample) => {
  const media = sdpMedia(encoding, { clockRateHz: 8_000, channels: 1 });
  expect(sampledTrack(1, media)).toEqual({
    kind: 'audio',
    index: 1,
    codec,
    bitsPerSample,
    clockRateHz: 8_000,
    channels: 1,
  });
});

test('refuses what is not made of samples, and channels by the dozen', () => {
  for (const [encoding, channels] of [
    ['G723', 1],
    ['G726-48', 1],
    ['L16', 99],
  ] as const) {
    expect(() => sampledTrack(1, sdpMedia(encoding, { clockRateHz: 8_000, channels }))).toThrow(
      BitstreamError,
    );
  }
});
