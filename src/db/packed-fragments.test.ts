import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexError } from './index-error.ts';
import { packFragments, unpackFragments } from './packed-fragments.ts';
import type { FragmentRecord } from './records.ts';
import { makeFragments } from './testing/records.ts';

const fragment: fc.Arbitrary<FragmentRecord> = fc.record({
  offsetBytes: fc.oneof(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 2 ** 50 })),
  sizeBytes: fc.integer({ min: 0, max: 2 ** 40 }),
  startMs: fc.integer({ min: 0, max: 1e9 }),
  durationMs: fc.integer({ min: 0, max: 1e7 }),
  isKey: fc.boolean(),
});
const fragments = fc.array(fragment, { maxLength: 40 });

test('gives back any fragments that were packed', () => {
  fc.assert(
    fc.property(fragments, (given) => {
      expect(unpackFragments(packFragments(given))).toEqual(given);
    }),
  );
});

test('refuses times that are not whole', () => {
  const [one] = makeFragments(1);
  expect(() => packFragments([{ ...one, startMs: 0.5 }] as FragmentRecord[])).toThrow(RangeError);
});

test('packs the usual fragment into a few bytes', () => {
  const count = 45;
  let offsetBytes = 1_200;
  const usual = makeFragments(count).map((one, place) => {
    const sizeBytes = one.sizeBytes + 20_000 * ((place * 7) % 5);
    offsetBytes += sizeBytes;
    return { ...one, offsetBytes: offsetBytes - sizeBytes, sizeBytes, durationMs: 2_000 - (place % 3) };
  });
  expect(packFragments(usual).length).toBeLessThan(7 * count);
});

test('finds every truncation damaged', () => {
  const packed = packFragments(makeFragments(5));
  for (let length = 0; length < packed.length; length += 1) {
    expect(() => unpackFragments(packed.subarray(0, length))).toThrow(IndexError);
  }
});

test('finds bytes after the last fragment damaged', () => {
  const packed = packFragments(makeFragments(2));
  expect(() => unpackFragments(Uint8Array.of(...packed, 0))).toThrow('bytes after the last fragment');
});

test('reads garbage as fragments or finds it damaged, whatever it announces', () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Uint8Array.of(1, ...bytes)),
    fc.constant(Uint8Array.of(1, 255, 255, 255, 255, 255, 255, 255, 127)),
  );
  fc.assert(
    fc.property(garbage, (bytes) => {
      try {
        for (const { sizeBytes, durationMs } of unpackFragments(bytes)) {
          expect(sizeBytes).toBeGreaterThanOrEqual(0);
          expect(durationMs).toBeGreaterThanOrEqual(0);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(IndexError);
        expect(error).toMatchObject({ kind: 'damaged' });
      }
    }),
    { numRuns: 2_000 },
  );
});
