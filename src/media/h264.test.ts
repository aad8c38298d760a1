import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  H264_BASELINE_360,
  H264_HIGH422_360,
  H264_INTERLACED_352,
  H264_MAIN_1080,
  H264_MAIN_182,
} from '../../test/rtp/parameter-sets.ts';
import { BitstreamError } from './bit-reader.ts';
import { h264CodecString, h264SlicePpsId, h264Track, parseH264PpsIds, parseH264Sps } from './h264.ts';

test('reads the size after cropping, the frame rate and the declared reorder depth', () => {
  expect(parseH264Sps(H264_MAIN_1080.sps)).toEqual({
    id: 0,
    profileIdc: 77,
    constraintFlags: 0x40,
    levelIdc: 40,
    chromaFormatIdc: 1,
    bitDepthLuma: 8,
    bitDepthChroma: 8,
    widthPx: 1920,
    heightPx: 1080,
    reorderDepth: 2,
    isFullRange: false,
    framesPerSecond: 25,
  });
});

test('knows that a baseline stream never reorders', () => {
  expect(parseH264Sps(H264_BASELINE_360.sps)).toMatchObject({ widthPx: 640, heightPx: 360, reorderDepth: 0 });
});

test('reads odd sizes and full range', () => {
  const sps = parseH264Sps(H264_MAIN_182.sps);
  expect(sps).toMatchObject({ widthPx: 322, heightPx: 182, isFullRange: true, framesPerSecond: 15 });
});

test('reads chroma format and bit depth of a high profile', () => {
  const sps = parseH264Sps(H264_HIGH422_360.sps);
  expect(sps).toMatchObject({ profileIdc: 122, chromaFormatIdc: 2, bitDepthLuma: 10, bitDepthChroma: 10 });
  expect(sps).toMatchObject({ widthPx: 640, heightPx: 360, reorderDepth: 2 });
});

test('counts both fields of an interlaced picture', () => {
  const sps = parseH264Sps(H264_INTERLACED_352.sps);
  expect(sps).toMatchObject({ widthPx: 640, heightPx: 352, framesPerSecond: 25 });
});

test('writes the codec string of RFC 6381', () => {
  expect(h264CodecString(parseH264Sps(H264_MAIN_1080.sps))).toBe('avc1.4d4028');
});

test('declares nothing when the VUI is cut short, as some cameras cut it', () => {
  const cut = H264_MAIN_1080.sps.subarray(0, 14);
  expect(parseH264Sps(cut)).toMatchObject({ widthPx: 1920, heightPx: 1080, reorderDepth: undefined });
});

test('describes a track', () => {
  const track = h264Track(3, H264_MAIN_182.sps, [H264_MAIN_182.pps]);
  expect(track).toMatchObject({ index: 3, codec: 'h264', widthPx: 322, heightPx: 182, isFullRange: true });
});

test('reads the ids that tie a slice to its parameter sets', () => {
  expect(parseH264PpsIds(H264_MAIN_1080.pps)).toEqual({ id: 0, spsId: 0 });
  // first_mb_in_slice 0, slice_type 7, pic_parameter_set_id 3: 1 0001000 00100
  expect(h264SlicePpsId(Uint8Array.of(0x65, 0b1000_1000, 0b0010_0000))).toBe(3);
});

test('refuses a size that is cropped away or beyond 16384', () => {
  const reader = () => parseH264Sps(Uint8Array.from(Buffer.from('6742001ef8000400002000040000', 'hex')));
  expect(reader).toThrow(BitstreamError);
});

test('answers truncated and random bytes with a BitstreamError or a bounded size', () => {
  const check = (nal: Uint8Array) => {
    try {
      const sps = parseH264Sps(nal);
      expect(sps.widthPx).toBeLessThanOrEqual(16_384);
      expect(sps.heightPx).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toBeInstanceOf(BitstreamError);
    }
  };
  for (let length = 0; length < H264_HIGH422_360.sps.length; length += 1) {
    check(H264_HIGH422_360.sps.subarray(0, length));
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (tail) => check(Uint8Array.of(0x67, 100, ...tail))),
  );
  fc.assert(fc.property(fc.nat(25), fc.nat(255), (at, value) => check(H264_HIGH422_360.sps.with(at, value))));
});
