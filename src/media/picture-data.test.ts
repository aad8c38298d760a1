import { expect, test } from 'vitest';
import { pictureDataProblem } from './picture-data.ts';
import { AV1_HEADERS } from './testing/av1-headers.ts';

function units(...nals: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(nals.flatMap((nal) => [0, 0, 0, nal.length, ...nal]));
}

test('finds nothing wrong with pictures of whole NAL units', () => {
  expect(pictureDataProblem('h264', units([0x06, 1], [0x65, 1, 2]), true)).toBeUndefined();
  expect(pictureDataProblem('h264', units([0x41, 1, 2]), false)).toBeUndefined();
  expect(pictureDataProblem('h264', units([0x06, 6, 1, 0xc4, 0x80], [0x41, 1, 2]), true)).toBeUndefined();
  expect(pictureDataProblem('h265', units([0x26, 1, 2]), true)).toBeUndefined();
  expect(pictureDataProblem('h265', units([0x02, 1, 2], [0x02, 1]), false)).toBeUndefined();
});

test('notices lengths that do not end with the picture', () => {
  const whole = units([0x65, 1, 2], [0x65, 3]);
  expect(pictureDataProblem('h264', whole.subarray(0, -1), true)).toBe(
    'a NAL unit of 2 bytes with 5 bytes left',
  );
  for (let bit = 0; bit < 32; bit += 1) {
    const damaged = whole.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(pictureDataProblem('h264', damaged, true)).toBeDefined();
  }
  expect(pictureDataProblem('h264', new Uint8Array(0), false)).toBe('a picture without data');
  expect(pictureDataProblem('h264', new Uint8Array(3), false)).toContain('3 bytes left');
});

test('notices a picture that is not what it is said to be', () => {
  expect(pictureDataProblem('h264', units([0x41, 1]), true)).toBe('a key picture without a slice of one');
  expect(pictureDataProblem('h264', units([0x65, 1]), false)).toBe('a slice of a key picture in another one');
  expect(pictureDataProblem('h265', units([0x02, 1]), true)).toBe('a key picture without a slice of one');
  expect(pictureDataProblem('h264', units([0xc1, 1]), false)).toBe('a NAL unit whose forbidden bit is set');
});

test('looks at AV1 as what it is', () => {
  const sequence = AV1_HEADERS.main.bytes;
  const key = [0x32, 2, 0x10, 1];
  const other = [0x32, 2, 0x30, 1];
  const problem = (bytes: readonly number[], isKey: boolean) =>
    pictureDataProblem('av1', Uint8Array.from(bytes), isKey);
  expect(problem([...sequence, ...key], true)).toBeUndefined();
  expect(problem(other, false)).toBeUndefined();
  expect(problem(key, true)).toBe('a key picture without a sequence header');
  expect(problem([...sequence, ...other], true)).toBe(
    'a key picture that begins with another frame than a shown key frame',
  );
  expect(problem([...sequence, ...key], false)).toBe('a key frame in another picture');
  expect(problem([...sequence], false)).toBe('a temporal unit without a frame');
  expect(problem([], false)).toBe('a temporal unit without a frame');
  expect(problem([...other, 0x32, 9], false)).toContain('it passes the end');
  expect(problem([0x80 | 0x32, 1, 0x30], false)).toContain('forbidden bit');
});
