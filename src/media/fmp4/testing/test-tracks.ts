import { aacCodecString, parseAudioSpecificConfig } from '../../aac.ts';
import { av1Track } from '../../av1.ts';
import { h264Track } from '../../h264.ts';
import { h265Track } from '../../h265.ts';
import type { AacTrack } from '../../packet.ts';

/** Parameter sets of x264, x265 and ffmpeg's AAC encoder, from ffmpeg's `testsrc2`. */

/** High profile, 640x360, B frames. */
export const h264HighTrack = h264Track(0, hex('6764001eacd940a02ff97011000003000100000300320f162d96'), [
  hex('68ef8fcb'),
]);

/** Constrained baseline profile, 640x360. */
export const h264BaselineTrack = h264Track(0, hex('6742c01eda0280bfe5c044000003000400000300c83c58ba80'), [
  hex('68ce0fc8'),
]);

/** Main 10 profile, 640x360, B frames. */
export const h265Main10Track = h265Track(0, {
  codec: 'h265',
  vps: hex('40010c01ffff02200000030090000003000003003f959409'),
  sps: hex('42010102200000030090000003000003003fa005020171f2b6595952930bc05a020000030002000003001e10'),
  pps: [hex('4401c073c189')],
});

/** Main profile of 10 bits, by SVT-AV1, 642x360. */
export const av1Main10Track = av1Track(0, {
  codec: 'av1',
  sequenceHeader: hex('0a0b0000000cc5036700be1010'),
});

/** AAC-LC, 48 kHz, stereo. */
export const stereoTrack = aacTrack(hex('1190'), 48_000, 2);

/** AAC-LC, 44.1 kHz, mono: a clock that shares few divisors with video's. */
export const monoTrack = aacTrack(hex('1208'), 44_100, 1);

function aacTrack(audioSpecificConfig: Uint8Array, clockRateHz: number, channels: number): AacTrack {
  const codecString = aacCodecString(parseAudioSpecificConfig(audioSpecificConfig));
  return { kind: 'audio', index: 1, codec: 'aac', audioSpecificConfig, codecString, clockRateHz, channels };
}

/** The bytes that these hexadecimal digits stand for. */
export function hex(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits, 'hex'));
}
