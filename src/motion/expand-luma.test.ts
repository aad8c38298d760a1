import { describe, expect, it } from 'vitest';
import { expandLuma } from './expand-luma.ts';

function expanded(stride: number, ...data: number[]): number[] {
  const target = new Uint8Array(4);
  expandLuma({ widthPx: 2, heightPx: 2, stride, data: Uint8Array.from(data) }, target);
  return [...target];
}

describe('expandLuma', () => {
  it('stretches 16..235 to 0..255 and clamps what lies outside', () => {
    expect(expanded(2, 16, 235, 0, 255)).toEqual([0, 255, 0, 255]);
    expect(expanded(2, 17, 126, 15, 236)).toEqual([1, 128, 0, 255]);
  });

  it('leaves out what lies between the rows', () => {
    expect(expanded(3, 16, 126, 99, 235, 17)).toEqual([0, 128, 255, 1]);
  });
});
