import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { aacCodecString, parseAudioSpecificConfig } from './aac.ts';
import { BitstreamError } from './bit-reader.ts';

function config(hex: string) {
  return parseAudioSpecificConfig(Uint8Array.from(Buffer.from(hex, 'hex')));
}

test('reads the usual AAC-LC configurations', () => {
  expect(config('1190')).toEqual({
    objectType: 2,
    sampleRateHz: 48_000,
    outputRateHz: 48_000,
    channels: 2,
    frameSamples: 1024,
  });
  expect(config('1408')).toMatchObject({ sampleRateHz: 16_000, channels: 1 });
  expect(config('1588')).toMatchObject({ sampleRateHz: 8_000, channels: 1 });
});

test('reads an explicit sample rate', () => {
  // Type 2, rate index 15, 11111 Hz, one channel.
  const bits = `000101111${(11_111).toString(2).padStart(24, '0')}0001000`;
  const bytes = bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? [];
  expect(parseAudioSpecificConfig(Uint8Array.from(bytes))).toMatchObject({
    sampleRateHz: 11_111,
    channels: 1,
  });
});

test('tells core rate and output rate of HE-AAC apart', () => {
  // Type 5, core 24 kHz, 2 channels, output 48 kHz, core type 2.
  expect(config('2b11880000')).toMatchObject({ objectType: 5, sampleRateHz: 24_000, outputRateHz: 48_000 });
  expect(aacCodecString(config('2b11880000'))).toBe('mp4a.40.5');
});

test('reads short frames', () => {
  expect(config('1194').frameSamples).toBe(960);
});

test('answers truncated and random bytes with a BitstreamError or a bounded rate', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
    try {
      const { sampleRateHz } = parseAudioSpecificConfig(bytes);
      expect(sampleRateHz).toBeGreaterThan(0);
      expect(sampleRateHz).toBeLessThanOrEqual(192_000);
    } catch (error) {
      expect(error).toBeInstanceOf(BitstreamError);
    }
  });
  fc.assert(property);
});
