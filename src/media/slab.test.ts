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
