import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitstreamError } from './bit-reader.ts';
import { leb128, readLeb128, readObus, withSize } from './obu.ts';

test('a number is read as it was written, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.uint8Array(), (value, around) => {
      const bytes = Uint8Array.of(...around, ...leb128(value), ...around);
      const end = around.length + leb128(value).length;
      expect(readLeb128(bytes, around.length, bytes.length)).toEqual({ value, end });
      expect(readLeb128(bytes, around.length, end - 1)).toBeUndefined();
    }),
  );
});

test('a number may have leading zeros, but not more than eight bytes or 32 bits', () => {
  expect(readLeb128(Uint8Array.of(0x85, 0x80, 0x80, 0), 0, 4)).toEqual({ value: 5, end: 4 });
  expect(readLeb128(new Uint8Array(9).fill(0x80), 0, 9)).toBeUndefined();
  expect(readLeb128(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x10), 0, 5)).toBeUndefined();
});

test('units are read one behind the other, with and without extension', () => {
  const stream = Uint8Array.of(0x12, 0, 0x36, 0x20, 2, 7, 8, 0x2a, 1, 9);
  expect(Array.from(readObus(stream), ({ type, payload }) => [type, ...payload])).toEqual([
    [2],
    [6, 7, 8],
    [5, 9],
  ]);
});

test('the last unit may leave out its size, and is given it', () => {
  const [first, second] = readObus(Uint8Array.of(0x0a, 1, 5, 0x34, 0x20, 7, 8));
  expect(second).toMatchObject({ type: 6, payload: Uint8Array.of(7, 8) });
  expect(first && withSize(first)).toEqual(Uint8Array.of(0x0a, 1, 5));
  expect(second && withSize(second)).toEqual(Uint8Array.of(0x36, 0x20, 2, 7, 8));
});

test.each([
  ['passes the end', [0x32, 3, 1, 2]],
  ['has a size that is none', [0x32, 0x80]],
  ['lacks its extension', [0x34]],
  ['has its forbidden bit set', [0xb2, 0]],
])('a unit that %s is refused, after those before it', (_, bytes) => {
  const read: number[] = [];
  expect(() => {
    for (const { type } of readObus(Uint8Array.of(0x2a, 1, 9, ...bytes))) read.push(type);
  }).toThrow(BitstreamError);
  expect(read).toEqual([5]);
});
