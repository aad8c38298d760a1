import { describe, expect, it } from 'vitest';
import { blurScene, checksum, readGoldens } from '../../test/goldens/goldens.ts';
import { renderScene } from '../../test/goldens/scene.ts';
import { GaussianBlur, reflect101 } from './blur.ts';

describe('GaussianBlur', () => {
  const { blurs } = readGoldens();

  it.each(Object.entries(blurs))('equals OpenCV to the bit at size %s', (size, golden) => {
    const { widthPx, heightPx } = blurScene;
    const blurred = new Uint8Array(widthPx * heightPx);
    const data = renderScene(blurScene, 0);
    new GaussianBlur(widthPx, heightPx, Number(size)).blur(
      { widthPx, heightPx, stride: widthPx, data },
      blurred,
    );
    expect(checksum(blurred)).toBe(golden);
  });

  it('has goldens of every size', () => {
    expect(Object.keys(blurs)).toHaveLength(32);
  });

  it('ignores what lies between the rows', () => {
    const dense = { widthPx: 2, heightPx: 2, stride: 2, data: Uint8Array.of(10, 20, 30, 40) };
    const padded = { widthPx: 2, heightPx: 2, stride: 3, data: Uint8Array.of(10, 20, 255, 30, 40) };
    const [fromDense, fromPadded] = [new Uint8Array(4), new Uint8Array(4)];
    const blur = new GaussianBlur(2, 2, 3);
    blur.blur(dense, fromDense);
    blur.blur(padded, fromPadded);
    expect(fromPadded).toEqual(fromDense);
  });
});

describe('reflect101', () => {
  it('mirrors at the edge pixels without repeating them', () => {
    expect([-3, -2, -1, 0, 3, 4, 5, 6].map((index) => reflect101(index, 4))).toEqual([
      3, 2, 1, 0, 3, 2, 1, 0,
    ]);
  });

  it('mirrors as often as a short row needs', () => {
    expect([-4, -3, -2, -1, 2, 3].map((index) => reflect101(index, 2))).toEqual([0, 1, 0, 1, 0, 1]);
    expect(reflect101(-5, 1)).toBe(0);
  });
});
