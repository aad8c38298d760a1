import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addEmulationPrevention, removeEmulationPrevention } from './nal.ts';

test('removes emulation prevention bytes and nothing else', () => {
  const escaped = Uint8Array.of(0x67, 0, 0, 3, 1, 3, 0, 3, 0, 0, 3, 0, 0, 3);
  expect([...removeEmulationPrevention(escaped)]).toEqual([0x67, 0, 0, 1, 3, 0, 3, 0, 0, 0, 0]);
});

test('removes them wherever they stand, and copies nothing where there is none', () => {
  const bytes = fc.uint8Array({ max: 4, maxLength: 40 });
  fc.assert(
    fc.property(bytes, (nal) => {
      const text = Buffer.from(nal).toString('latin1');
      const rbsp = removeEmulationPrevention(nal);
      expect(Buffer.from(rbsp).toString('latin1')).toBe(text.replaceAll('\0\0\u0003', '\0\0'));
      if (!text.includes('\0\0\u0003')) expect(rbsp).toBe(nal);
    }),
  );
});

test('adds emulation prevention bytes where they are needed', () => {
  const rbsp = Uint8Array.of(0x67, 0, 0, 1, 3, 0, 3, 0, 0, 0, 0, 0, 4, 0, 0, 3, 0, 0x80);
  const escaped = addEmulationPrevention(rbsp);
  expect([...escaped]).toEqual([0x67, 0, 0, 3, 1, 3, 0, 3, 0, 0, 3, 0, 0, 3, 0, 4, 0, 0, 3, 3, 0, 0x80]);
  expect(removeEmulationPrevention(escaped)).toEqual(rbsp);
});
