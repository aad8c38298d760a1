import { describe, expect, it } from 'vitest';
import { AreaScaler, scaledSize } from './scale-area.ts';

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
});
