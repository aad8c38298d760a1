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

test('who needs more than a block gets a multiple of it, and the next one gets the same memory', () => {
  const pool = new PacketMemoryPool(8, 4);
  for (const [bytes, got] of [
    [1, 8],
    [8, 8],
    [9, 16],
    [16, 16],
    [17, 24],
  ] as const) {
    const first = pool.take(bytes);
    expect(first.buffer.length).toBe(got);
    first.release();
    expect(pool.take(bytes).buffer).toBe(first.buffer);
  }
});

test('an idle block serves who needs half of it or more, the smallest that will do first', () => {
  const pool = new PacketMemoryPool(8, 20);
  const [large, middle, other] = [pool.take(32), pool.take(24), pool.take(24)];
  for (const block of [middle, large, other]) block.release();
  expect(pool.take(8).buffer.length).toBe(8);
  expect(pool.take(12).buffer).toBe(other.buffer);
  expect(pool.take(16).buffer).toBe(middle.buffer);
  expect(pool.take(16).buffer).toBe(large.buffer);
});

test('no more lies idle than was wanted; what has lain idle longest goes', () => {
  const pool = new PacketMemoryPool(8, 2);
  const blocks = [pool.take(), pool.take(), pool.take(16)];
  for (const block of blocks) block.release();
  expect(pool.idleBytes).toBe(16);
  expect(pool.take(16).buffer).toBe(blocks[2]?.buffer);
  expect(pool.idleBytes).toBe(0);
  for (const block of blocks.slice(0, 2)) expect(pool.take().buffer).not.toBe(block.buffer);
});

test('letting go once too often is an error, with a pool or without', () => {
  for (const memory of [new PacketMemory(Buffer.alloc(1)), new PacketMemoryPool(8, 1).take()]) {
    memory.release();
    expect(() => memory.release()).toThrow('more often');
  }
});
