import { describe, expect, test } from 'vitest';
import { av1CodecString, av1Track, parseAv1SequenceHeader } from './av1.ts';
import { BitstreamError } from './bit-reader.ts';
import { encodeDecoderConfiguration } from './fmp4/decoder-configuration.ts';
import { AV1_HEADERS } from './testing/av1-headers.ts';

describe('a sequence header', () => {
  test.each([
    ['main', { profile: 0, bitDepth: 8, chromaSubsamplingX: 1, chromaSubsamplingY: 1, isFullRange: false }],
    ['main10', { profile: 0, bitDepth: 10 }],
    ['svtMain10', { profile: 0, bitDepth: 10 }],
    ['high444', { profile: 1, bitDepth: 8, chromaSubsamplingX: 0, chromaSubsamplingY: 0 }],
    ['grey', { profile: 0, isMonochrome: true, chromaSubsamplingX: 1, isFullRange: true }],
    ['professional422', { profile: 2, bitDepth: 12, chromaSubsamplingX: 1, chromaSubsamplingY: 0 }],
    ['rgb', { profile: 1, chromaSubsamplingX: 0, chromaSubsamplingY: 0, isFullRange: true }],
    ['fullRange', { profile: 0, bitDepth: 8, isFullRange: true }],
  ] as const)('of %s is read as its encoder meant it', (name, expected) => {
    const header = parseAv1SequenceHeader(AV1_HEADERS[name].bytes);
    expect(header).toMatchObject({ ...expected, widthPx: 642, heightPx: 360, levelIndex: 1, tier: 0 });
  });

  test('with operating points, timing and a decoder model is that of its first point', () => {
    const header = parseAv1SequenceHeader(layered());
    expect(header).toMatchObject({ levelIndex: 13, tier: 1, widthPx: 1920, heightPx: 1080, bitDepth: 10 });
    expect(av1CodecString(header)).toBe('av01.0.13H.10');
  });

  test('of a still with reduced headers is read too', () => {
    // Profile 0, still, reduced, level 4; 16 bits each for 64x48; no tools, no colour.
    const written = `000 1 1 00100 ${size(64, 48)} 000 000 0 0 0 0 00 0 0`;
    expect(parseAv1SequenceHeader(obu(written))).toMatchObject({
      isReducedStill: true,
      levelIndex: 4,
      widthPx: 64,
    });
  });

  test('is refused wherever it is cut off, and as anything else', () => {
    const { bytes } = AV1_HEADERS.rgb;
    for (let length = 0; length < bytes.byteLength - 1; length += 1) {
      const cut = bytes.slice(0, length);
      if (length > 1) cut[1] = length - 2;
      expect(() => parseAv1SequenceHeader(cut), `${length} bytes`).toThrow(BitstreamError);
    }
    expect(() => parseAv1SequenceHeader(Uint8Array.of(0x32, 1, 0))).toThrow('the OBU has type 6');
    expect(() => parseAv1SequenceHeader(Uint8Array.of(...bytes, 0x12, 0))).toThrow(BitstreamError);
    expect(() => parseAv1SequenceHeader(bytes.with(2, 0x60))).toThrow('profile 3');
  });
});

test('the decoder configuration of each header is that of ffmpeg', () => {
  for (const { bytes, configurationHead } of Object.values(AV1_HEADERS)) {
    const configuration = encodeDecoderConfiguration({ codec: 'av1', sequenceHeader: bytes });
    expect(Buffer.from(configuration).toString('hex')).toBe(
      configurationHead + Buffer.from(bytes).toString('hex'),
    );
  }
});

test('a track has the size, the codec string and no reordering', () => {
  expect(av1Track(2, { codec: 'av1', sequenceHeader: AV1_HEADERS.main10.bytes })).toMatchObject({
    index: 2,
    codec: 'av1',
    codecString: 'av01.0.01M.10',
    widthPx: 642,
    heightPx: 360,
    reorderDepth: 0,
  });
});

/** Two operating points, of which the first has a high tier; even timing, and a decoder model of 8 bits. */
function layered(): Uint8Array {
  const timing = `1 ${bits(1, 32)} ${bits(25, 32)} 1 1`;
  const model = `1 ${bits(7, 5)} ${bits(1, 32)} ${bits(0, 5)} ${bits(0, 5)}`;
  const first = `${bits(0x303, 12)} ${bits(13, 5)} 1 1 ${bits(9, 8)} ${bits(9, 8)} 0 1 ${bits(3, 4)}`;
  const second = `${bits(0x101, 12)} ${bits(4, 5)} 0 0`;
  // No frame numbers; superblocks; order hints with both tools; screen content by choice, integer vectors never; 7 bits.
  const tools = '0 000 0000 1 11 1 0 0 110 000';
  return obu(
    `000 0 0 ${timing} ${model} 1 ${bits(1, 5)} ${first} ${second} ${size(1920, 1080)} ${tools} 1 0 0 0 00 0 0`,
  );
}

function size(widthPx: number, heightPx: number): string {
  return `1111 1111 ${bits(widthPx - 1, 16)} ${bits(heightPx - 1, 16)}`;
}

function bits(value: number, count: number): string {
  return value.toString(2).padStart(count, '0');
}

/** A sequence header of these bits and the one that ends it. */
function obu(written: string): Uint8Array {
  const all = `${written.replaceAll(' ', '')}1`;
  const payload = (all.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
  return Uint8Array.of(0x0a, payload.length, ...payload);
}
