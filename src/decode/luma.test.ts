import { describe, expect, it } from 'vitest';
import { narrowLuma, planeSizeBytes, type LumaLayout } from './luma.ts';

const layout: LumaLayout = { widthPx: 2, heightPx: 2, stride: 4, bitDepth: 10 };

function narrowed(bytes: readonly number[], changes: Partial<LumaLayout>): number[] {
  const target = new Uint8Array(4);
  narrowLuma(Uint8Array.from(bytes), { ...layout, ...changes }, target);
  return [...target];
}

describe('narrowLuma', () => {
  it('shifts deep luma down, low byte first', () => {
    const bytes = [64, 0, 940 & 0xff, 940 >> 8, 0xff, 3, 3, 0];
    expect(narrowed(bytes, {})).toEqual([16, 235, 255, 0]);
    expect(narrowed([0, 1, 0xf0, 14, 0xff, 15, 15, 0], { bitDepth: 12 })).toEqual([16, 239, 255, 0]);
  });

  it('leaves out what lies between the rows', () => {
    expect(narrowed([4, 0, 8, 0, 99, 99, 12, 0, 16, 0], { stride: 6 })).toEqual([1, 2, 3, 4]);
  });
});

describe('planeSizeBytes', () => {
  it('counts the last row without its padding', () => {
    expect(planeSizeBytes({ ...layout, stride: 64, bitDepth: 8 })).toBe(66);
    expect(planeSizeBytes({ ...layout, stride: 64 })).toBe(68);
  });
});
