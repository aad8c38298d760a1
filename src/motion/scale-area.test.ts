import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderScene } from '../../test/goldens/scene.ts';
import { AreaScaler, scaledSize, type ScaledSize } from './scale-area.ts';

describe('scaledSize', () => {
  it('keeps the aspect and rounds the height down', () => {
    expect(scaledSize(640, 360, 500)).toEqual({ widthPx: 500, heightPx: 281 });
    expect(scaledSize(768, 576, 500)).toEqual({ widthPx: 500, heightPx: 375 });
  });

  it('leaves narrower pictures as they are', () => {
    expect(scaledSize(352, 288, 500)).toEqual({ widthPx: 352, heightPx: 288 });
    expect(scaledSize(500, 281, 500)).toEqual({ widthPx: 500, heightPx: 281 });
  });

  it('keeps at least one row', () => {
    expect(scaledSize(8192, 1, 500)).toEqual({ widthPx: 500, heightPx: 1 });
  });
});

/** The source pixels of a target pixel along one axis and their weights: the whole ones, and the parts at the ends. */
function sharesOf(
  i: number,
  sourceLength: number,
  ratio: number,
): (readonly [pixel: number, weight: number])[] {
  const [start, end] = [i * ratio, i * ratio + ratio];
  const lengthPx = Math.min(ratio, sourceLength - start);
  const shares: [number, number][] = [];
  for (let pixel = Math.floor(start); pixel < Math.min(sourceLength, Math.ceil(end)); pixel++) {
    const part = Math.min(end, pixel + 1) - Math.max(start, pixel);
    if (part > 1e-3) shares.push([pixel, Math.fround(part / lengthPx)]);
  }
  return shares;
}

/** Pixel by pixel, in single precision. */
function scaledPlainly(data: Uint8Array, source: ScaledSize, target: ScaledSize): number[] {
  const [ratioX, ratioY] = [source.widthPx / target.widthPx, source.heightPx / target.heightPx];
  return Array.from({ length: target.widthPx * target.heightPx }, (_, i) => {
    let sum = 0;
    for (const [y, down] of sharesOf(Math.floor(i / target.widthPx), source.heightPx, ratioY)) {
      let row = 0;
      for (const [x, across] of sharesOf(i % target.widthPx, source.widthPx, ratioX)) {
        row = Math.fround(row + Math.fround((data[y * source.widthPx + x] ?? 0) * across));
      }
      sum = Math.fround(sum + Math.fround(row * down));
    }
    return Math.round(sum);
  });
}

// Equality with OpenCV is proved with the whole chain, in current-detector.test.ts.
describe('AreaScaler', () => {
  it('weighs pixels by how much of them falls into the target pixel', () => {
    const scaler = new AreaScaler({ widthPx: 3, heightPx: 1 }, { widthPx: 2, heightPx: 1 });
    const target = new Uint8Array(2);
    scaler.scale({ widthPx: 3, heightPx: 1, stride: 3, data: Uint8Array.of(30, 60, 120) }, target);
    expect([...target]).toEqual([40, 100]);
  });

  it('ignores what lies between the rows', () => {
    const scaler = new AreaScaler({ widthPx: 2, heightPx: 2 }, { widthPx: 1, heightPx: 1 });
    const target = new Uint8Array(1);
    const data = Uint8Array.of(10, 20, 255, 30, 40);
    scaler.scale({ widthPx: 2, heightPx: 2, stride: 3, data }, target);
    expect([...target]).toEqual([25]);
  });

  it('equals the plain sum at every ratio, to one step where the halves and the thousandths decide', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 90 }),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0.02, max: 1, noNaN: true }),
        (widthPx, heightPx, share) => {
          const source = { widthPx, heightPx };
          const target = scaledSize(widthPx, heightPx, Math.ceil(widthPx * share));
          const data = renderScene({ ...source, seed: 1, noise: 191, rectangles: [] }, 0);
          const scaled = new Uint8Array(target.widthPx * target.heightPx);
          new AreaScaler(source, target).scale({ ...source, stride: widthPx, data }, scaled);
          for (const [i, plain] of scaledPlainly(data, source, target).entries()) {
            expect(Math.abs((scaled[i] ?? 0) - plain)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});
