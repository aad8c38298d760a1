import { expect, test } from 'vitest';
import { shareOfDisk } from './share-of-disk.ts';

test('a disk is divided into recordings, other things and what is free', () => {
  const share = shareOfDisk({ totalBytes: 1_000, freeBytes: 400, recordings: 250 });
  expect(share).toEqual({ recordings: 0.25, others: 0.35 });
});

test('recordings that the file system does not count yet never take more than is used', () => {
  expect(shareOfDisk({ totalBytes: 1_000, freeBytes: 900, recordings: 500 })).toEqual({
    recordings: 0.1,
    others: 0,
  });
  expect(shareOfDisk({ totalBytes: 0, freeBytes: 0, recordings: 5 })).toEqual({ recordings: 0, others: 0 });
});
