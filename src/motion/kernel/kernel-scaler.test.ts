import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderScene } from '../../../test/goldens/scene.ts';
import { AreaScaler, type ScaledSize } from '../scale-area.ts';
import { kernelScaler } from './kernel-scaler.ts';
import { Kernel } from './kernel.ts';
import { KERNEL_FILE } from './testing/kernel-file.ts';

const kernel = Kernel.load(KERNEL_FILE);

function picture({ heightPx }: ScaledSize, seed: number, stride: number): Uint8Array {
  return renderScene({ widthPx: stride, heightPx, seed, noise: 191, rectangles: [] }, 0);
}

function plain(source: ScaledSize, target: ScaledSize, data: Uint8Array, stride: number): Uint8Array {
  const shrunk = new Uint8Array(target.widthPx * target.heightPx);
  new AreaScaler(source, target).scale({ ...source, stride, data }, shrunk);
  return shrunk;
}

function inKernel(
  source: ScaledSize,
  target: ScaledSize,
  data: Uint8Array,
  sourceStride: number,
): Uint8Array {
  using scaler = kernelScaler(kernel, source, target);
  const stride = 16 * Math.ceil(target.widthPx / 16);
  const address = kernel.scratch(data.length);
  const targetAddress = kernel.run.allocate(stride * target.heightPx);
  kernel.bytes(address, data.length).set(data);
  scaler.shrink({ address, stride: sourceStride }, { address: targetAddress, stride });
  const shrunk = new Uint8Array(target.widthPx * target.heightPx);
  for (let y = 0; y < target.heightPx; y++) {
    shrunk.set(kernel.bytes(targetAddress + y * stride, target.widthPx), y * target.widthPx);
  }
  kernel.run.release(targetAddress);
  return shrunk;
}

describe('kernelScaler', () => {
  it('equals the plain AreaScaler for any two sizes', () => {
    const length = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 700 }));
    const sizes = fc.tuple(length, length, fc.integer({ min: 1, max: 60 }), length);
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat({ max: 40 }), ([a, b, height, c], seed, padding) => {
        const source = { widthPx: Math.max(a, b), heightPx: Math.max(height, c) };
        const target = { widthPx: Math.min(a, b), heightPx: Math.min(height, c) };
        const stride = source.widthPx + padding;
        const data = picture(source, seed, stride);
        const difference = Buffer.compare(
          inKernel(source, target, data, stride),
          plain(source, target, data, stride),
        );
        expect(difference).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { name: 'a half', source: [640, 480], target: [320, 240] },
    { name: 'a third', source: [960, 540], target: [320, 180] },
    { name: 'a half across and a third down', source: [200, 90], target: [100, 30] },
    { name: 'little', source: [640, 360], target: [500, 281] },
    { name: 'to a quarter', source: [1920, 1080], target: [500, 281] },
    { name: 'too much for one vector', source: [3840, 216], target: [500, 28] },
    { name: 'as much as there can be', source: [8192, 6], target: [17, 1] },
    { name: 'as much in whole blocks', source: [8192, 512], target: [16, 1] },
  ])('shrinks $name as the plain one does', ({ source, target }) => {
    const [from, to] = [sized(source), sized(target)];
    const data = picture(from, 1, from.widthPx);
    const difference = Buffer.compare(
      inKernel(from, to, data, from.widthPx),
      plain(from, to, data, from.widthPx),
    );
    expect(difference).toBe(0);
  });
});

function sized([widthPx = 0, heightPx = 0]: readonly number[]): ScaledSize {
  return { widthPx, heightPx };
}
