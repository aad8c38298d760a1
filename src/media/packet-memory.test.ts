import { expect, test } from 'vitest';
import { PacketMemory, PacketMemoryPool } from './packet-memory.ts';

test('a block comes back when its last holder lets go of it', () => {
  const pool = new PacketMemoryPool(8, 4);
  const first = pool.take();
  first.hold();
  first.release();
  expect(pool.take().buffer).not.toBe(first.buffer);
  first.release();
  expect(pool.take().buffer).toBe(first.buffer);
});

test('no more idle blocks are kept than were wanted', () => {
  const pool = new PacketMemoryPool(8, 1);
  const blocks = [pool.take(), pool.take()];
  for (const block of blocks) block.release();
  expect(pool.take().buffer).toBe(blocks[0]?.buffer);
  expect(pool.take().buffer).not.toBe(blocks[1]?.buffer);
});

test('letting go once too often is an error, with a pool or without', () => {
  for (const memory of [new PacketMemory(Buffer.alloc(1)), new PacketMemoryPool(8, 1).take()]) {
    memory.release();
    expect(() => memory.release()).toThrow('more often');
  }
});
