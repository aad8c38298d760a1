import { expect, test } from 'vitest';
import { splitAnnexB } from './annex-b.ts';

test('splits at start codes of three and four bytes and leaves padding out', () => {
  const stream = Uint8Array.of(0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 0, 1, 0x65, 0, 0, 3, 0);
  expect(splitAnnexB(stream).map((nal) => [...nal])).toEqual([
    [0x67, 1],
    [0x68, 2],
    [0x65, 0, 0, 3],
  ]);
  expect(splitAnnexB(Uint8Array.of(1, 2, 3))).toEqual([]);
});
