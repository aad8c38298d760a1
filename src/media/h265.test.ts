import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { H265_MAIN10_362, H265_MAIN_1080 } from '../../test/rtp/parameter-sets.ts';
import { BitstreamError } from './bit-reader.ts';
import {
  h265CodecString,
  h265SlicePpsId,
  h265Track,
  parseH265PpsIds,
  parseH265Sps,
  parseH265VpsId,
} from './h265.ts';

test('reads everything that a recording needs of an SPS', () => {
  expect(parseH265Sps(H265_MAIN_1080.sps)).toEqual({
    id: 0,
    vpsId: 0,
    profile: {
      profileSpace: 0,
      tierFlag: 0,
      profileIdc: 1,
      compatibilityFlags: 0x60000000,
      constraintFlags: Uint8Array.of(0x90, 0, 0, 0, 0, 0),
      levelIdc: 120,
    },
    temporalLayers: 1,
    isTemporalIdNested: true,
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

test('reads size, depth and range behind scaling lists', () => {
  expect(parseH265Sps(H265_MAIN10_362.sps)).toMatchObject({
    widthPx: 642,
    heightPx: 362,
    bitDepthLuma: 10,
    bitDepthChroma: 10,
    reorderDepth: 0,
    isFullRange: true,
    framesPerSecond: 10,
  });
});

test('writes the codec string of ISO 14496-15', () => {
  expect(h265CodecString(parseH265Sps(H265_MAIN_1080.sps))).toBe('hvc1.1.6.L120.90');
  expect(h265CodecString(parseH265Sps(H265_MAIN10_362.sps))).toBe('hvc1.2.4.L63.90');
});

test('describes a track', () => {
  const { vps, sps, pps } = H265_MAIN_1080;
  const track = h265Track(0, { codec: 'h265', vps, sps, pps: [pps] });
  expect(track).toMatchObject({ widthPx: 1920, heightPx: 1080, reorderDepth: 2 });
});

test('reads the ids that tie a slice to its parameter sets', () => {
  expect(parseH265VpsId(H265_MAIN_1080.vps)).toBe(0);
  expect(parseH265PpsIds(H265_MAIN_1080.pps)).toEqual({ id: 0, spsId: 0 });
  // IDR_W_RADL: first_slice 1, no_output 0, id 2 as 011; TRAIL_R has no no_output flag.
  expect(h265SlicePpsId(Uint8Array.of(19 << 1, 1, 0b1001_1000))).toBe(2);
  expect(h265SlicePpsId(Uint8Array.of(1 << 1, 1, 0b1011_0000))).toBe(2);
});

test('answers truncated and random bytes with a BitstreamError or a bounded size', () => {
  const check = (nal: Uint8Array) => {
    try {
      const sps = parseH265Sps(nal);
      expect(sps.widthPx).toBeLessThanOrEqual(16_384);
      expect(sps.reorderDepth).toBeLessThanOrEqual(15);
    } catch (error) {
      expect(error).toBeInstanceOf(BitstreamError);
    }
  };
  const { sps } = H265_MAIN10_362;
  for (let length = 0; length < sps.length; length += 1) check(sps.subarray(0, length));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (tail) => check(Uint8Array.of(0x42, 1, ...tail))));
  fc.assert(fc.property(fc.nat(sps.length - 1), fc.nat(255), (at, value) => check(sps.with(at, value))));
});
