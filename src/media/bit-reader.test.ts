import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitReader, BitstreamError } from './bit-reader.ts';

/** Bits of an Exp-Golomb number, the plain way. */
function ueBits(value: number): string {
  const binary = (value + 1).toString(2);
  return '0'.repeat(binary.length - 1) + binary;
}

function bytesOfBits(bits: string): Uint8Array {
  const padded = bits.padEnd(8 * Math.ceil(bits.length / 8), '0');
  return Uint8Array.from({ length: padded.length / 8 }, (_, at) =>
    parseInt(padded.slice(8 * at, 8 * at + 8), 2),
  );
}

test('reads back Exp-Golomb numbers and fixed fields in any mixture', () => {
  const field = fc.oneof(
    fc.record({ kind: fc.constant('ue' as const), value: fc.nat({ max: 2 ** 31 - 1 }) }),
    fc.record({ kind: fc.constant('bits' as const), value: fc.nat({ max: 2 ** 31 - 1 }) }),
  );
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const bits = fields.map(({ kind, value }) =>
        kind === 'ue' ? ueBits(value) : value.toString(2).padStart(32, '0'),
      );
      const reader = new BitReader(bytesOfBits(bits.join('')));
      for (const { kind, value } of fields) {
        expect(kind === 'ue' ? reader.ue('x', 2 ** 32) : reader.bits(32)).toBe(value);
      }
    }),
  );
});

test('reads signed Exp-Golomb numbers in their order', () => {
  const reader = new BitReader(bytesOfBits([0, 1, 2, 3, 4].map(ueBits).join('')));
  expect(Array.from({ length: 5 }, () => reader.se('x'))).toEqual([0, 1, -1, 2, -2]);
});

test('refuses to read past the end, a number above its bound, and endless zeros', () => {
  expect(() => new BitReader(new Uint8Array(1)).bits(9)).toThrow(BitstreamError);
  expect(() => new BitReader(new Uint8Array(1)).skip(9)).toThrow(BitstreamError);
  expect(() => new BitReader(bytesOfBits(ueBits(32))).ue('id', 31)).toThrow('reading id: 32 is above 31');
  expect(() => new BitReader(new Uint8Array(64)).ue('id', 31)).toThrow(BitstreamError);
});
