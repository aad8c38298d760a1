import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderScene, type Scene } from '../../../test/goldens/scene.ts';
import { PlainBackground } from '../adaptive/plain-background.ts';
import { BitMask } from '../bit-mask.ts';
import { scaledSize } from '../scale-area.ts';
import { KernelBackground } from './kernel-background.ts';
import { Kernel } from './kernel.ts';
import { KERNEL_FILE } from './testing/kernel-file.ts';

const kernel = Kernel.load(KERNEL_FILE);

const anyScene: fc.Arbitrary<Scene> = fc.record({
  widthPx: fc.integer({ min: 1, max: 70 }),
  heightPx: fc.integer({ min: 1, max: 8 }),
  seed: fc.nat(),
  noise: fc.oneof(fc.constant(0), fc.nat({ max: 30 }), fc.nat({ max: 191 })),
  rectangles: fc.array(
    fc.record({
      x: fc.integer({ min: -20, max: 70 }),
      y: fc.integer({ min: -20, max: 16 }),
      width: fc.integer({ min: 1, max: 60 }),
      height: fc.integer({ min: 1, max: 40 }),
      dx: fc.integer({ min: -9, max: 9 }),
      dy: fc.integer({ min: -9, max: 9 }),
      shade: fc.nat({ max: 255 }),
    }),
    { maxLength: 3 },
  ),
});

/** One call of a background on the next picture of a scene. */
const anyStep = fc.record({
  /** Pictures come back, so that modes are known again. */
  picture: fc.nat({ max: 5 }),
  /** Seen so often that pixels become calm. */
  times: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 10, max: 25 })),
  isHasty: fc.boolean(),
  isForgetting: fc.boolean(),
  brighten: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, fc.integer({ min: -255, max: 255 })),
});

function maskOf({ widthPx, heightPx }: { widthPx: number; heightPx: number }, seed: number): BitMask {
  const mask = new BitMask(widthPx, heightPx);
  mask.words.forEach((_, i) => (mask.words[i] = Math.imul(seed + i, 0x9e3779b1)));
  mask.clearBeyondWidth();
  return mask;
}

describe('KernelBackground', () => {
  it('says what the plain background says, whatever the pictures', () => {
    fc.assert(
      fc.property(
        anyScene,
        fc.integer({ min: 16, max: 70 }),
        fc.array(anyStep, { minLength: 1, maxLength: 40 }),
        fc.record({ padding: fc.nat({ max: 20 }), isFullRange: fc.boolean(), isMasked: fc.boolean() }),
        (scene, analysedWidthPx, steps, { padding, isFullRange, isMasked }) => {
          const source = { widthPx: scene.widthPx, heightPx: scene.heightPx };
          const analysed = scaledSize(scene.widthPx, scene.heightPx, analysedWidthPx);
          const watched = isMasked ? maskOf(analysed, scene.seed) : undefined;
          const options = { source, analysed, watched };
          const plain = new PlainBackground(options);
          using fast = new KernelBackground(kernel, options);
          const stride = scene.widthPx + padding;
          const all = steps.flatMap((step) => Array.from({ length: step.times }, () => step));
          for (const [i, step] of all.entries()) {
            const data = renderScene({ ...scene, widthPx: stride }, step.picture);
            const picture = { ...source, stride, data, isFullRange };
            const seen = [fast, plain].map((background) => {
              background.take(picture);
              if (i === 0) background.begin();
              background.brighten(step.brighten);
              return {
                offsets: background.offsets().slice(),
                foregroundPx: background.learn(step.isHasty, step.isForgetting),
                foreground: background.foreground(),
                joined: background.joinedForeground(),
              };
            });
            expect(seen[0]).toEqual(seen[1]);
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  it('gives its memory back', () => {
    const own = Kernel.load(KERNEL_FILE);
    const useOnce = (widthPx: number) => {
      const size = { widthPx, heightPx: 90 };
      using background = new KernelBackground(own, { source: size, analysed: size, watched: undefined });
      background.begin();
    };
    for (let i = 0; i < 20; i++) useOnce(200 + i);
    const sizeBytes = own.bytes(0, 0).buffer.byteLength;
    for (let i = 0; i < 100; i++) useOnce(200 + (i % 20));
    expect(own.bytes(0, 0).buffer.byteLength).toBe(sizeBytes);
  });
});
