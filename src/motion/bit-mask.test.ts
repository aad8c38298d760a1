import { describe, expect, it } from 'vitest';
import { renderMask } from '../../test/goldens/scene.ts';
import { BitMask } from './bit-mask.ts';

describe('BitMask', () => {
  it.each([1, 31, 32, 33, 64, 100])('gives back the bytes it was made of at width %s', (widthPx) => {
    const bytes = renderMask(widthPx, 7, 1, 400);
    expect(BitMask.fromBytes(widthPx, 7, bytes).toBytes()).toEqual(bytes.map((byte) => 255 * byte));
  });

  it('has the first pixel of a row in the lowest bit of a word of its own', () => {
    const bytes = new Uint8Array(66);
    bytes[0] = bytes[31] = bytes[32] = bytes[34] = 255;
    expect([...BitMask.fromBytes(33, 2, bytes).words]).toEqual([0x80000001 | 0, 1, 2, 0]);
  });

  it('counts the marked pixels', () => {
    const bytes = renderMask(77, 13, 2, 300);
    const marked = bytes.reduce((sum, byte) => sum + byte, 0);
    const mask = BitMask.fromBytes(77, 13, bytes);
    expect(mask.count()).toBe(marked);
    mask.invert();
    expect(mask.count()).toBe(77 * 13 - marked);
  });

  it('adds, keeps and removes what another one marks', () => {
    const [one, other] = [renderMask(77, 13, 3, 400), renderMask(77, 13, 4, 400)];
    const combined = (operation: 'add' | 'keep' | 'remove') => {
      const mask = BitMask.fromBytes(77, 13, one);
      mask.copy()[operation](BitMask.fromBytes(77, 13, other));
      expect(mask).toEqual(BitMask.fromBytes(77, 13, one));
      mask[operation](BitMask.fromBytes(77, 13, other));
      return mask;
    };
    const expected = (combine: (a: number, b: number) => number) =>
      BitMask.fromBytes(
        77,
        13,
        one.map((a, i) => combine(a, other[i] ?? 0)),
      );
    expect(combined('add')).toEqual(expected((a, b) => a | b));
    expect(combined('keep')).toEqual(expected((a, b) => a & b));
    expect(combined('remove')).toEqual(expected((a, b) => a & (1 - b)));
  });
});
