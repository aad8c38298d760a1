import { expect, test } from 'vitest';
import { encodeClip } from '../decode/testing/encode-clip.ts';
import { pictureOfAnnexB, trackOfAnnexB } from './coded-picture.ts';
import type { NalCodecName, VideoTrack } from './packet.ts';

const START_CODE = [0, 0, 0, 1];

function annexB(...units: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(units.flatMap((unit) => [...START_CODE, ...unit]));
}

/** Parameter sets as an encoder writes them, and the track they make. */
function parameterSets(codec: NalCodecName): {
  readonly bytes: Uint8Array;
  readonly track: VideoTrack;
} {
  const luma = () => new Uint8Array(96 * 64);
  const [packet] = encodeClip({ codec, widthPx: 96, heightPx: 64, pictures: 1, rateFps: 10, gop: 1, luma });
  if (packet === undefined) throw new Error('the clip is empty');
  const sets = packet.track.parameterSets;
  if (sets.codec === 'av1') throw new Error('the clip is of another codec');
  const units = [...(sets.codec === 'h265' ? [sets.vps] : []), sets.sps, ...sets.pps];
  return { bytes: annexB(...units.map((unit) => [...unit])), track: packet.track };
}

test('puts the length of each unit before it, and leaves out parameter sets and delimiters', () => {
  const h264 = annexB([9, 0xf0], [0x67, 1], [0x68, 2], [0x06, 5, 1, 7, 0x80], [0x65, 3, 4]);
  expect([...pictureOfAnnexB('h264', h264)]).toEqual([0, 0, 0, 5, 6, 5, 1, 7, 0x80, 0, 0, 0, 3, 0x65, 3, 4]);
  const h265 = annexB([70, 1, 0x50], [64, 1, 1], [66, 1, 1], [68, 1, 1], [78, 1, 5], [38, 1, 9]);
  expect([...pictureOfAnnexB('h265', h265)]).toEqual([0, 0, 0, 3, 78, 1, 5, 0, 0, 0, 3, 38, 1, 9]);
});

test.each(['h264', 'h265'] as const)('finds the parameter sets of %s among other units', (codec) => {
  const { bytes, track } = parameterSets(codec);
  const slice = codec === 'h264' ? [0x65, 1, 2] : [38, 1, 2];
  expect(trackOfAnnexB(codec, 3, Buffer.concat([annexB(slice), bytes, annexB(slice)]))).toEqual({
    ...track,
    index: 3,
  });
});

test.each(['h264', 'h265'] as const)('makes no track of %s where a parameter set is missing', (codec) => {
  const { bytes } = parameterSets(codec);
  const lastSet = Buffer.from(bytes).lastIndexOf(Buffer.from(START_CODE));
  expect(trackOfAnnexB(codec, 0, bytes.subarray(0, lastSet))).toBeUndefined();
  expect(trackOfAnnexB(codec, 0, new Uint8Array(0))).toBeUndefined();
});

test('makes an empty picture of bytes without units', () => {
  expect(pictureOfAnnexB('h264', new Uint8Array(0))).toHaveLength(0);
  expect(pictureOfAnnexB('h264', Uint8Array.of(1, 2, 3))).toHaveLength(0);
});
