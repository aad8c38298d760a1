import { expect, test } from 'vitest';
import { removeEmulationPrevention } from './nal.ts';

test('removes emulation prevention bytes and nothing else', () => {
  const escaped = Uint8Array.of(0x67, 0, 0, 3, 1, 3, 0, 3, 0, 0, 3, 0, 0, 3);
  expect([...removeEmulationPrevention(escaped)]).toEqual([0x67, 0, 0, 1, 3, 0, 3, 0, 0, 0, 0]);
});
