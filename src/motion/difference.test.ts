import { describe, expect, it } from 'vitest';
import { renderScene } from '../../test/goldens/scene.ts';
import { BitMask } from './bit-mask.ts';
import { keepDifference, markDifference } from './difference.ts';

const widthPx = 75;
const heightPx = 3;
const [current, previous] = [0, 1].map((index) =>
  renderScene({ widthPx, heightPx, seed: 1, noise: 191, rectangles: [] }, index),
) as [Uint8Array, Uint8Array];

function expected(threshold: number): Uint8Array {
  return current.map((pixel, i) => (Math.abs(pixel - (previous[i] ?? 0)) > threshold ? 255 : 0));
}

describe('markDifference', () => {
  it.each([0, 10, 100, 254])('marks what differs by more than %s', (threshold) => {
    const mask = new BitMask(widthPx, heightPx);
    markDifference(current, previous, threshold, mask);
    expect(mask.toBytes()).toEqual(expected(threshold));
  });

  it('tells black from white at the highest threshold, and no other two', () => {
    const mask = new BitMask(3, 1);
    markDifference(Uint8Array.of(0, 255, 254), Uint8Array.of(255, 0, 0), 254, mask);
    expect([...mask.toBytes()]).toEqual([255, 255, 0]);
  });
});

describe('keepDifference', () => {
  it('looks only at words that mark something', () => {
    const mask = new BitMask(widthPx, heightPx);
    mask.words[1] = 4;
    mask.words[8] = 1;
    keepDifference(current, previous, 10, mask);
    const bytes = expected(10).map((byte, i) => {
      const [x, y] = [i % widthPx, Math.floor(i / widthPx)];
      return (y === 0 && x >= 32 && x < 64) || (y === 2 && x >= 64) ? byte : 0;
    });
    expect(mask.toBytes()).toEqual(bytes);
  });
});
