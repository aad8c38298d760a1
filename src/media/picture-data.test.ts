import { expect, test } from 'vitest';
import { pictureDataProblem } from './picture-data.ts';

function units(...nals: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(nals.flatMap((nal) => [0, 0, 0, nal.length, ...nal]));
}

test('finds nothing wrong with pictures of whole NAL units', () => {
  expect(pictureDataProblem('h264', units([0x06, 1], [0x65, 1, 2]), true)).toBeUndefined();
  expect(pictureDataProblem('h264', units([0x41, 1, 2]), false)).toBeUndefined();
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
