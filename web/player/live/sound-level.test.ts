import { expect, test } from 'vitest';
import { dbfsOf, QUIETEST_DBFS } from './sound-level.ts';

test('tells full scale, half of it and silence in dBFS', () => {
  expect(dbfsOf(new Float32Array(100).fill(-1))).toBeCloseTo(0);
  expect(dbfsOf(new Float32Array(100).fill(0.5))).toBeCloseTo(-6.02, 2);
  expect(dbfsOf(Float32Array.from({ length: 4_800 }, (_, i) => Math.sin(i / 3)))).toBeCloseTo(-3.01, 1);
  expect(dbfsOf(new Float32Array(100))).toBe(QUIETEST_DBFS);
});
