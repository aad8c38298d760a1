import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatClip, parseClip, type Clip } from './clip.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const units = fc.array(
  fc.record({
    isKey: fc.boolean(),
    frame: fc.nat(1000),
    nals: fc.array(bytes, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 10 },
);
const parameterSets = fc.oneof(
  fc.record({
    codec: fc.constant('h264' as const),
    sps: bytes,
    pps: fc.array(bytes, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    codec: fc.constant('h265' as const),
    vps: bytes,
    sps: bytes,
    pps: fc.array(bytes, { minLength: 1, maxLength: 3 }),
  }),
);
const sound = fc.option(
  fc.record({
    audioSpecificConfig: bytes,
    sampleRateHz: fc.constant(16_000),
    channels: fc.constant(1),
    units: fc.array(bytes, { maxLength: 5 }),
  }),
  { nil: undefined },
);
const clips: fc.Arbitrary<Clip> = fc.record({
  widthPx: fc.nat(4096),
  heightPx: fc.nat(4096),
  rateFps: fc.nat(60),
  parameterSets,
  units,
  sound,
});

describe('a clip file', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(clips, (clip) => {
        expect(plain(parseClip(Buffer.concat(formatClip(clip))))).toEqual(plain(clip));
      }),
    );
  });

  test('is no clip when cut short anywhere', () => {
    const [clip] = fc.sample(clips, { seed: 3, numRuns: 1 });
    if (clip === undefined) throw new Error('no sample');
    const file = Buffer.concat(formatClip(clip));
    for (let end = 0; end < file.length; end++) expect(parseClip(file.subarray(0, end))).toBeUndefined();
  });

  test('is no clip when it is something else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
        const behindMagic = Buffer.concat([Buffer.from('PRECLIP1'), garbage]);
        return parseClip(Buffer.from(garbage)) === undefined && parseClip(behindMagic) === undefined;
      }),
    );
  });
});

/** With every byte array as hex, so that Buffers and plain arrays compare by content. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
