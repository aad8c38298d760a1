import { describe, expect, it } from 'vitest';
import { copyLuma, planeSizeBytes, type LumaLayout } from './luma.ts';

const layout: LumaLayout = { widthPx: 2, heightPx: 2, stride: 2, bitDepth: 8, isFullRange: false };

function copied(bytes: readonly number[], changes: Partial<LumaLayout>): number[] {
  const target = new Uint8Array(4);
  copyLuma(Uint8Array.from(bytes), { ...layout, ...changes }, target);
  return [...target];
}

describe('copyLuma', () => {
  it('stretches 16..235 to 0..255 and clamps what lies outside', () => {
    expect(copied([16, 235, 0, 255], {})).toEqual([0, 255, 0, 255]);
    expect(copied([17, 126, 15, 236], {})).toEqual([1, 128, 0, 255]);
  });

  it('leaves full-range luma as it is', () => {
    expect(copied([0, 16, 235, 255], { isFullRange: true })).toEqual([0, 16, 235, 255]);
  });

  it('leaves out what lies between the rows', () => {
    expect(copied([1, 2, 99, 3, 4], { stride: 3, isFullRange: true })).toEqual([1, 2, 3, 4]);
  });

  it('shifts deeper luma down, low byte first', () => {
    // 10 bits: 64 is black and 940 white; 1023 and 3 are beyond.
    const bytes = [64, 0, 940 & 0xff, 940 >> 8, 0xff, 3, 3, 0];
    expect(copied(bytes, { bitDepth: 10, stride: 4 })).toEqual([0, 255, 255, 0]);
    expect(copied(bytes, { bitDepth: 10, stride: 4, isFullRange: true })).toEqual([16, 235, 255, 0]);
  });
});

describe('planeSizeBytes', () => {
  it('counts the last row without its padding', () => {
    expect(planeSizeBytes({ ...layout, stride: 64 })).toBe(66);
    expect(planeSizeBytes({ ...layout, stride: 64, bitDepth: 10 })).toBe(68);
  });
});
