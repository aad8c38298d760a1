import { describe, expect, test } from 'vitest';
import { withLengths } from './coded-picture.ts';
import { userDataOf, userDataUnit } from './user-data.ts';

const SLICE = { h264: Uint8Array.of(0x65, 0x88), h265: Uint8Array.of(0x26, 1, 0xaf) } as const;
const message = (sizeBytes: number, byte: number) => new Uint8Array(sizeBytes).fill(byte);

describe.each(['h264', 'h265'] as const)('user data of %s', (codec) => {
  test.each([
    ['short', [message(20, 7)]],
    ['long', [message(254, 1), message(255, 2), message(700, 3)]],
    ['of zeros', [message(40, 0), Uint8Array.of(...message(16, 9), 0, 0, 1, 0, 0, 3, 0, 0)]],
  ])('is read as it was written: %s', (_, messages) => {
    const unit = userDataUnit(codec, messages);
    const picture = withLengths([unit, SLICE[codec]]);
    expect(userDataOf(codec, picture)).toEqual(messages);
    expect(Buffer.from(unit).indexOf(Buffer.of(0, 0, 1))).toBe(-1);
  });

  test('is nothing else that stands before the picture, and nothing behind it', () => {
    const unit = userDataUnit(codec, [message(20, 7)]);
    const timing = unit.map((byte, at) => (at === (codec === 'h264' ? 1 : 2) ? 1 : byte));
    expect(userDataOf(codec, withLengths([timing, unit, SLICE[codec], unit]))).toEqual([message(20, 7)]);
    expect(userDataOf(codec, withLengths([SLICE[codec], unit]))).toEqual([]);
  });

  test('that is cut off anywhere is left out', () => {
    const unit = userDataUnit(codec, [message(300, 7)]);
    for (let sizeBytes = 0; sizeBytes < 300; sizeBytes++) {
      expect(userDataOf(codec, withLengths([unit.subarray(0, sizeBytes), SLICE[codec]]))).toEqual([]);
    }
  });

  test('is 64 KiB of a picture at most', () => {
    const unit = userDataUnit(codec, [message(40_000, 7)]);
    const picture = withLengths([unit, unit, userDataUnit(codec, [message(20, 1)]), SLICE[codec]]);
    expect(userDataOf(codec, picture).map(({ byteLength }) => byteLength)).toEqual([40_000]);
  });
});

test('AV1 has none that is looked for', () => {
  expect(userDataOf('av1', userDataUnit('h264', [message(20, 7)]))).toEqual([]);
});
