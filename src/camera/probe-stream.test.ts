import { expect, test } from 'vitest';
import { makePictures } from '../media/testing/make-packet.ts';
import { inOwnMemory } from './probe-stream.ts';

test('the picture that a test of a camera shows stays what it was when the memory of its packet is written anew', () => {
  const [packet] = makePictures(100, 100, 1);
  if (packet === undefined) throw new Error('no picture was made');
  const memory = Buffer.from([1, 2, 3, 4, 5]);
  const kept = inOwnMemory({ ...packet, data: memory.subarray(1, 4) });
  memory.fill(0);
  expect([...kept.data]).toEqual([2, 3, 4]);
});
