import { describe, expect, it } from 'vitest';
import { renderMask, renderScene } from '../../test/goldens/scene.ts';
import { BitMask } from './bit-mask.ts';
import { GaussianBlur } from './blur.ts';
import { LazyBlur } from './lazy-blur.ts';

const scene = { widthPx: 150, heightPx: 20, seed: 1, noise: 191, rectangles: [] };
const { widthPx, heightPx } = scene;

function lazyBlur(): LazyBlur {
  const lazy = new LazyBlur(new BitMask(widthPx, heightPx), new GaussianBlur(widthPx, heightPx, 11));
  lazy.picture.data.set(renderScene(scene, 0));
  return lazy;
}

function wholeBlur({ picture }: LazyBlur): Uint8Array {
  const blurred = new Uint8Array(widthPx * heightPx);
  new GaussianBlur(widthPx, heightPx, 11).blur(picture, blurred);
  return blurred;
}

describe('LazyBlur', () => {
  it('blurs the words asked for as the whole picture is blurred, and no others', () => {
    const lazy = lazyBlur();
    const mask = BitMask.fromBytes(widthPx, heightPx, renderMask(widthPx, heightPx, 3, 20));
    lazy.blurWhere(mask);
    const whole = wholeBlur(lazy);
    const isAsked = (i: number) =>
      mask.words[Math.floor(i / widthPx) * mask.wordsPerRow + ((i % widthPx) >>> 5)] !== 0;
    expect(lazy.blurred).toEqual(whole.map((pixel, i) => (isAsked(i) ? pixel : 0)));
  });

  it('blurs nothing twice until renewed', () => {
    const lazy = lazyBlur();
    const mask = new BitMask(widthPx, heightPx);
    mask.words.fill(1);
    lazy.blurWhere(mask);
    const before = wholeBlur(lazy);
    expect(lazy.blurred).toEqual(before);
    lazy.picture.data.set(renderScene(scene, 1));
    lazy.blurWhere(mask);
    expect(lazy.blurred).toEqual(before);
    lazy.renew();
    lazy.blurWhere(mask);
    expect(lazy.blurred).toEqual(wholeBlur(lazy));
  });
});
