import { expect, test } from 'vitest';
import { addEmulationPrevention, removeEmulationPrevention } from './nal.ts';

test('removes emulation prevention bytes and nothing else', () => {
  const escaped = Uint8Array.of(0x67, 0, 0, 3, 1, 3, 0, 3, 0, 0, 3, 0, 0, 3);
  expect([...removeEmulationPrevention(escaped)]).toEqual([0x67, 0, 0, 1, 3, 0, 3, 0, 0, 0, 0]);
});

test('adds emulation prevention bytes where they are needed', () => {
  const rbsp = Uint8Array.of(0x67, 0, 0, 1, 3, 0, 3, 0, 0, 0, 0, 0, 4, 0, 0, 3, 0, 0x80);
  const escaped = addEmulationPrevention(rbsp);
  expect([...escaped]).toEqual([0x67, 0, 0, 3, 1, 3, 0, 3, 0, 0, 3, 0, 0, 3, 0, 4, 0, 0, 3, 3, 0, 0x80]);
  expect(removeEmulationPrevention(escaped)).toEqual(rbsp);
});
