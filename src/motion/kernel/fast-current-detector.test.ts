import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { boxesGolden, readGoldens } from '../../../test/goldens/goldens.ts';
import { renderScene, type Scene } from '../../../test/goldens/scene.ts';
import { CurrentDetector, DEFAULT_CURRENT_SETTINGS, type CurrentSettings } from '../current-detector.ts';
import type { LumaPicture } from '../detector.ts';
import { MotionSettingError } from '../error.ts';
import { FastCurrentDetector } from './fast-current-detector.ts';
import { Kernel } from './kernel.ts';

const kernel = Kernel.load();
const walk: Scene = {
  widthPx: 160,
  heightPx: 90,
  seed: 1,
  noise: 3,
  rectangles: [{ x: 10, y: 10, width: 30, height: 40, dx: 12, dy: 3, shade: 220 }],
};

const open: FastCurrentDetector[] = [];
afterEach(() => open.splice(0).forEach((detector) => detector[Symbol.dispose]()));

function newDetector(settings?: CurrentSettings): FastCurrentDetector {
  const detector = new FastCurrentDetector(kernel, settings);
  open.push(detector);
  return detector;
}

/** A picture whose rows have `padding` bytes of noise behind them. */
function pictureOf(scene: Scene, index: number, padding = 0): LumaPicture {
  const { widthPx, heightPx } = scene;
  const stride = widthPx + padding;
  const data = renderScene({ ...scene, widthPx: stride }, index);
  return { widthPx, heightPx, stride, data, isFullRange: true };
}

function mostly<T>(usual: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof(fc.constant(usual), others);
}

const anySettings: fc.Arbitrary<CurrentSettings> = fc.record({
  analysedWidthPx: fc.integer({ min: 16, max: 200 }),
  blurSizePx: mostly(
    11,
    fc.nat({ max: 31 }).map((radius) => 2 * radius + 1),
  ),
  threshold: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 254 })),
  dilateIterations: mostly(8, fc.nat({ max: 127 })),
  erodeIterations: mostly(4, fc.nat({ max: 127 })),
  minimalAreaPx: fc.integer({ min: 1, max: 50 }),
});

const anyScene: fc.Arbitrary<Scene> = fc.record({
  widthPx: fc.integer({ min: 1, max: 260 }),
  heightPx: fc.integer({ min: 1, max: 90 }),
  seed: fc.nat(),
  noise: fc.oneof(fc.constant(0), fc.nat({ max: 12 }), fc.nat({ max: 191 })),
  rectangles: fc.array(
    fc.record({
      x: fc.integer({ min: -20, max: 250 }),
      y: fc.integer({ min: -20, max: 90 }),
      width: fc.integer({ min: 1, max: 60 }),
      height: fc.integer({ min: 1, max: 40 }),
      dx: fc.integer({ min: -9, max: 9 }),
      dy: fc.integer({ min: -9, max: 9 }),
      shade: fc.nat({ max: 255 }),
    }),
    { maxLength: 3 },
  ),
});

describe('FastCurrentDetector', () => {
  it.each(readGoldens().pipelines)(
    'decides as OpenCV does on $scene.widthPx x $scene.heightPx at $settings.analysedWidthPx',
    ({ scene, settings, frames }) => {
      const detector = newDetector(settings);
      for (const [index, { score, isMotion, boxes, boxesChecksum }] of frames.entries()) {
        const detection = detector.detect(pictureOf(scene, index));
        expect(detection).toMatchObject({ score, isMotion });
        if (isMotion) expect(boxesGolden(detection.boxes)).toEqual({ boxes, boxesChecksum });
        else expect(detection.boxes).toEqual([]);
      }
    },
  );

  it('says what the plain detector says, whatever the scene and the settings', () => {
    fc.assert(
      fc.property(
        anyScene,
        anySettings,
        fc.nat({ max: 20 }),
        fc.boolean(),
        (scene, settings, padding, isFullRange) => {
          using fast = new FastCurrentDetector(kernel, settings);
          const plain = new CurrentDetector(settings);
          for (let index = 0; index < 5; index++) {
            // Every third picture repeats one, so that patches are blurred only later.
            const shown = index - (index % 3 === 2 ? 1 : 0);
            const picture = { ...pictureOf(scene, shown, padding), isFullRange };
            expect(fast.detect(picture)).toEqual(plain.detect(picture));
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it('has contours whose boxes are those of the detection', () => {
    const detector = newDetector();
    detector.detect(pictureOf(walk, 0));
    expect(detector.contours()).toEqual([]);
    const { boxes } = detector.detect(pictureOf(walk, 1));
    expect(boxes.length).toBeGreaterThan(0);
    expect(detector.contours().map(({ box }) => box)).toEqual(boxes);
  });

  it('forgets the scene when reset', () => {
    const detector = newDetector();
    detector.detect(pictureOf(walk, 0));
    expect(detector.detect(pictureOf(walk, 2)).isMotion).toBe(true);
    detector.reset();
    expect(detector.detect(pictureOf(walk, 0)).score).toBe(0);
    expect(detector.contours()).toEqual([]);
    const plain = new CurrentDetector();
    plain.detect(pictureOf(walk, 0));
    expect(detector.detect(pictureOf(walk, 1))).toEqual(plain.detect(pictureOf(walk, 1)));
  });

  it('starts anew when the size of the picture changes', () => {
    const detector = newDetector();
    detector.detect(pictureOf(walk, 0));
    expect(detector.detect(pictureOf({ ...walk, widthPx: 200 }, 1)).score).toBe(0);
    expect(detector.detect(pictureOf({ ...walk, widthPx: 200 }, 2)).isMotion).toBe(true);
  });

  it('keeps cameras apart', () => {
    const [moving, still] = [newDetector(), newDetector()];
    for (let index = 0; index < 3; index++) {
      const { isMotion } = moving.detect(pictureOf(walk, index));
      expect(isMotion).toBe(index > 0);
      expect(still.detect(pictureOf({ ...walk, rectangles: [] }, index)).isMotion).toBe(false);
    }
  });

  it('gives its memory back', () => {
    const own = Kernel.load();
    const useOnce = (widthPx: number) => {
      using detector = new FastCurrentDetector(own);
      detector.detect(pictureOf({ ...walk, widthPx }, 0));
    };
    for (let i = 0; i < 20; i++) useOnce(200 + i);
    const sizeBytes = own.bytes(0, 0).buffer.byteLength;
    for (let i = 0; i < 200; i++) useOnce(200 + (i % 20));
    expect(own.bytes(0, 0).buffer.byteLength).toBe(sizeBytes);
  });

  it.each([
    { analysedWidthPx: 15 },
    { blurSizePx: 10 },
    { threshold: 255 },
    { dilateIterations: -1 },
    { erodeIterations: 0.5 },
    { minimalAreaPx: 0 },
  ])('refuses the setting %o', (setting) => {
    expect(() => new FastCurrentDetector(kernel, { ...DEFAULT_CURRENT_SETTINGS, ...setting })).toThrow(
      MotionSettingError,
    );
  });
});
