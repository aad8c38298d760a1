import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { PacketMemoryPool } from './packet-memory.ts';
import { Slab } from './slab.ts';

function slabs(): PacketMemoryPool {
  return new PacketMemoryPool(64, 4);
}

function fill(slab: Slab, bytes: number, value = 1): boolean {
  return slab.append(new Uint8Array(bytes).fill(value), 0, bytes);
}

test('puts consecutive units side by side in one buffer', () => {
  const slab = new Slab(slabs());
  fill(slab, 10);
  const first = slab.finish().data;
  fill(slab, 20);
  const second = slab.finish().data;
  expect(second.buffer).toBe(first.buffer);
  expect(second.byteOffset).toBe(first.byteOffset + first.length);
});

test('moves a unit that does not fit into the next buffer, whole', () => {
  const slab = new Slab(slabs());
  fill(slab, 50, 1);
  const first = slab.finish().data;
  fill(slab, 10, 2);
  fill(slab, 10, 3);
  const second = slab.finish().data;
  expect([...second]).toEqual([...Array<number>(10).fill(2), ...Array<number>(10).fill(3)]);
  expect(second.buffer).not.toBe(first.buffer);
  expect([...first]).toEqual(Array<number>(50).fill(1));
});

test('puts bytes into a unit and over its own, also where it has to move for them, and never into its neighbours', () => {
  for (const before of [0, 30, 52]) {
    const slab = new Slab(slabs(), 100);
    fill(slab, before, 9);
    const first = slab.finish().data;
    fill(slab, 3, 1);
    fill(slab, 3, 2);
    expect(slab.insert(3, Uint8Array.of(7, 8, 7, 8, 7, 8, 7, 8))).toBe(true);
    slab.writeByte(1, 5);
    expect(slab.insert(0, new Uint8Array(90))).toBe(false);
    expect([...slab.finish().data]).toEqual([1, 5, 1, 7, 8, 7, 8, 7, 8, 7, 8, 2, 2, 2]);
    expect([...first]).toEqual(Array<number>(before).fill(9));
  }
});

test('gives a unit larger than a slab a larger one, up to the limit', () => {
  const slab = new Slab(slabs(), 1000);
  for (let part = 0; part < 10; part += 1) expect(fill(slab, 100, part)).toBe(true);
  expect(fill(slab, 1)).toBe(false);
  expect(slab.appendU32(0)).toBe(false);
  expect(slab.appendByte(0)).toBe(false);
  expect(slab.unitBytes).toBe(1000);
  const { data, memory } = slab.finish();
  expect(data[950]).toBe(9);
  expect(memory.buffer.length).toBe(1024);
});

test('fills the same buffer again with the next large unit, once nobody holds the one before', () => {
  const slab = new Slab(slabs(), 1000);
  const buffers = new Set<ArrayBufferLike>();
  for (let unit = 0; unit < 100; unit += 1) {
    fill(slab, 200);
    const { data, memory } = slab.finish();
    buffers.add(data.buffer);
    memory.release();
  }
  expect(buffers.size).toBe(2);
});

test('moves a large unit once only, where the one before was as large', () => {
  const pool = slabs();
  const slab = new Slab(pool, 1000);
  const takes = [0, 0].map(() => {
    const take = vi.spyOn(pool, 'take');
    for (let part = 0; part < 40; part += 1) fill(slab, 20);
    slab.finish();
    const { length } = take.mock.calls;
    take.mockRestore();
    return length;
  });
  expect(takes).toEqual([8, 1]);
});

test('keeps to the limit within a buffer too', () => {
  const slab = new Slab(slabs(), 32);
  expect(fill(slab, 30)).toBe(true);
  expect(fill(slab, 3)).toBe(false);
});

test('hands out exactly what was appended, whatever the sizes', () => {
  const unit = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      const slab = new Slab(slabs());
      const finished = units.map((parts) => {
        slab.appendU32(0);
        for (const part of parts) slab.append(part, 0, part.length);
        fill(slab, 5);
        slab.truncate(slab.unitBytes - 5);
        slab.writeU32(0, slab.unitBytes - 4);
        return slab.finish().data;
      });
      const whole = units.map((parts) => Buffer.concat(parts));
      expect(finished.map((bytes) => Buffer.from(bytes.subarray(4)))).toEqual(whole);
      expect(finished.map((bytes) => Buffer.from(bytes).readUInt32BE())).toEqual(
        whole.map(({ length }) => length),
      );
    }),
  );
});

test('moves to a unit what came into memory that it lent, however it grows meanwhile, and leaves finished ones alone', () => {
  const part = fc.record({
    skipped: fc.nat({ max: 20 }),
    bytes: fc.nat({ max: 80 }),
    lengths: fc.nat({ max: 8 }),
  });
  const read = fc.record({
    told: fc.nat({ max: 300 }),
    ahead: fc.nat({ max: 300 }),
    parts: fc.array(part, { maxLength: 40 }),
    isLast: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(read, { maxLength: 30 }), (reads) => {
      const slab = new Slab(new PacketMemoryPool(32 * 1024, 4));
      const finished: { readonly data: Uint8Array; readonly expected: Buffer }[] = [];
      let expected: Uint8Array[] = [];
      for (const [index, { told, ahead, parts, isLast }] of reads.entries()) {
        const lent = slab.lend(told);
        if (lent === undefined) throw new Error('nothing was lent');
        const { bytes, memory } = lent;
        const received = Uint8Array.from({ length: 6_000 }, (_, i) => (index * 31 + i) % 251);
        bytes.set(received);
        expect(fill(slab, ahead, 0xaa)).toBe(true);
        expected.push(new Uint8Array(ahead).fill(0xaa));
        let at = 0;
        for (const { skipped, bytes: length, lengths } of parts) {
          at += skipped;
          for (let i = 0; i < lengths; i += 1) {
            expected.push(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
            expect(slab.appendU32(0xffffffff)).toBe(true);
          }
          expect(slab.append(bytes, at, at + length)).toBe(true);
          expected.push(received.slice(at, at + length));
          at += length;
        }
        memory.release();
        if (!isLast) continue;
        finished.push({ data: slab.finish().data, expected: Buffer.concat(expected) });
        expected = [];
      }
      for (const unit of finished) expect(Buffer.compare(unit.data, unit.expected)).toBe(0);
    }),
  );
});

test('keeps what it lent from others until that is released, and lends nothing where a unit leaves no room', () => {
  const pool = new PacketMemoryPool(32 * 1024, 4);
  const slab = new Slab(pool, 40 * 1024);
  const lent = slab.lend(0);
  fill(slab, 30 * 1024);
  fill(slab, 5 * 1024);
  expect(pool.take().buffer).not.toBe(lent?.memory.buffer);
  lent?.memory.release();
  expect(pool.take().buffer).toBe(lent?.memory.buffer);
  expect(slab.lend(0)).toBeUndefined();
  expect(slab.unitBytes).toBe(35 * 1024);
});

test('leaves held units alone, and writes what is released anew', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bytes: fc.nat({ max: 100 }), heldFor: fc.nat({ max: 12 }) })),
      (steps) => {
        const slab = new Slab(slabs());
        const held = new Set<{ data: Uint8Array; value: number; until: number; release: () => void }>();
        for (const [step, { bytes, heldFor }] of steps.entries()) {
          const value = step % 256;
          fill(slab, bytes, value);
          const { data, memory } = slab.finish();
          held.add({ data, value, until: step + heldFor, release: () => memory.release() });
          for (const unit of held) {
            expect(unit.data.every((byte) => byte === unit.value)).toBe(true);
            if (unit.until > step) continue;
            held.delete(unit);
            unit.release();
          }
        }
      },
    ),
  );
  const slab = new Slab(slabs());
  const buffers = new Set<ArrayBufferLike>();
  for (let unit = 0; unit < 100; unit += 1) {
    fill(slab, 40);
    const { data, memory } = slab.finish();
    buffers.add(data.buffer);
    memory.release();
  }
  expect(buffers.size).toBe(2);
});
