import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slab } from './slab.ts';

function fill(slab: Slab, bytes: number, value = 1): boolean {
  return slab.append(new Uint8Array(bytes).fill(value), 0, bytes);
}

test('puts consecutive units side by side in one buffer', () => {
  const slab = new Slab(64);
  fill(slab, 10);
  const first = slab.finish();
  fill(slab, 20);
  const second = slab.finish();
  expect(second.buffer).toBe(first.buffer);
  expect(second.byteOffset).toBe(first.byteOffset + first.length);
});

test('moves a unit that does not fit into the next buffer, whole', () => {
  const slab = new Slab(64);
  fill(slab, 50, 1);
  const first = slab.finish();
  fill(slab, 10, 2);
  fill(slab, 10, 3);
  const second = slab.finish();
  expect([...second]).toEqual([...Array<number>(10).fill(2), ...Array<number>(10).fill(3)]);
  expect(second.buffer).not.toBe(first.buffer);
  expect([...first]).toEqual(Array<number>(50).fill(1));
});

test('gives a unit larger than a slab a buffer of its own, up to the limit', () => {
  const slab = new Slab(64, 1000);
  for (let part = 0; part < 10; part += 1) expect(fill(slab, 100, part)).toBe(true);
  expect(fill(slab, 1)).toBe(false);
  expect(slab.appendU32(0)).toBe(false);
  expect(slab.appendByte(0)).toBe(false);
  expect(slab.unitBytes).toBe(1000);
  expect(slab.finish()[950]).toBe(9);
});

test('keeps to the limit within a buffer too', () => {
  const slab = new Slab(64, 32);
  expect(fill(slab, 30)).toBe(true);
  expect(fill(slab, 3)).toBe(false);
});

test('hands out exactly what was appended, whatever the sizes', () => {
  const unit = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      const slab = new Slab(64);
      const finished = units.map((parts) => {
        slab.appendU32(0);
        for (const part of parts) slab.append(part, 0, part.length);
        fill(slab, 5);
        slab.truncate(slab.unitBytes - 5);
        slab.writeU32(0, slab.unitBytes - 4);
        return slab.finish();
      });
      const whole = units.map((parts) => Buffer.concat(parts));
      expect(finished.map((bytes) => Buffer.from(bytes.subarray(4)))).toEqual(whole);
      expect(finished.map((bytes) => Buffer.from(bytes).readUInt32BE())).toEqual(
        whole.map(({ length }) => length),
      );
    }),
  );
});
