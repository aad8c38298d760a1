import { describe, expect, test } from 'vitest';
import { withLengths } from './coded-picture.ts';
import { recoveryPointIn, recoveryPointOf } from './recovery-point.ts';

/** What x264 writes with intra-refresh: 18 pictures, exact_match_flag, no broken link. */
const AFTER_18 = Uint8Array.of(0x06, 6, 2, 0x09, 0xc4, 0x80);
/** An open GOP's: at once. */
const AT_ONCE = Uint8Array.of(0x06, 6, 1, 0xc4, 0x80);
const OTHER = Uint8Array.of(0x06, 5, 3, 6, 1, 0xc4, 0x80);
const SLICE = Uint8Array.of(0x41, 0x9a, 1, 2);

describe('recoveryPointIn', () => {
  test('tells after how many pictures a decoder shows whole ones', () => {
    expect(recoveryPointIn('h264', AFTER_18)).toBe(18);
    expect(recoveryPointIn('h264', AT_ONCE)).toBe(0);
  });

  test('finds one behind other messages, of more than 254 bytes too', () => {
    const long = [5, 0xff, 5, ...Array.from({ length: 260 }, () => 6)];
    expect(recoveryPointIn('h264', Uint8Array.of(0x06, ...long, 6, 1, 0xc4, 0x80))).toBe(0);
  });

  test('looks past the bytes that keep start codes out', () => {
    const escaped = Uint8Array.of(0x06, 5, 4, 0, 0, 3, 0, 1, 6, 1, 0xc4, 0x80);
    expect(recoveryPointIn('h264', escaped)).toBe(0);
  });

  test('reads the one of H.265, a signed number in pictures', () => {
    expect(recoveryPointIn('h265', Uint8Array.of(0x4e, 0x01, 6, 1, 0xd0, 0x80))).toBe(0);
    // se(v) of code 4, that is -2; of code 3, that is 2.
    expect(recoveryPointIn('h265', Uint8Array.of(0x4e, 0x01, 6, 1, 0x2e, 0x80))).toBe(0);
    expect(recoveryPointIn('h265', Uint8Array.of(0x4e, 0x01, 6, 1, 0x26, 0x80))).toBe(2);
  });

  test('finds none in other messages, other NAL units and what is cut short', () => {
    expect(recoveryPointIn('h264', OTHER)).toBeUndefined();
    expect(recoveryPointIn('h264', SLICE)).toBeUndefined();
    expect(recoveryPointIn('h265', AT_ONCE)).toBeUndefined();
    for (let length = 0; length < 4; length += 1) {
      expect(recoveryPointIn('h264', AFTER_18.subarray(0, length))).toBeUndefined();
    }
    expect(recoveryPointIn('h264', new Uint8Array(5_000).fill(0xff).fill(6, 0, 1))).toBeUndefined();
  });
});

describe('recoveryPointOf', () => {
  test('looks at what stands before the slices', () => {
    expect(recoveryPointOf('h264', withLengths([OTHER, AFTER_18, SLICE]))).toBe(18);
    expect(recoveryPointOf('h264', withLengths([OTHER, SLICE, AFTER_18]))).toBeUndefined();
    expect(recoveryPointOf('h264', withLengths([SLICE]))).toBeUndefined();
  });

  test('looks past what is left of a slice whose first partition is lost', () => {
    const partitionC = Uint8Array.of(0x44, 0x15, 0x85);
    expect(recoveryPointOf('h264', withLengths([partitionC, AFTER_18, SLICE]))).toBe(18);
    expect(
      recoveryPointOf('h264', withLengths([Uint8Array.of(0x42, 0x9a), AFTER_18, SLICE])),
    ).toBeUndefined();
  });

  test('takes lengths that do not fit for the end', () => {
    const data = withLengths([AFTER_18, SLICE]);
    for (let length = 0; length < 9; length += 1) {
      expect(recoveryPointOf('h264', data.subarray(0, length))).toBeUndefined();
    }
    expect(recoveryPointOf('h264', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined();
  });
});
