import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { outcomeOf, outcomeOfGolden, readGoldens } from '../../../test/goldens/goldens.ts';
import { renderScene, type Scene } from '../../../test/goldens/scene.ts';
import type { LumaPicture } from '../detector.ts';
import { DifferenceDetector } from '../difference-detector.ts';
import { DIFFERENCE_PRESETS, type DifferenceSettings } from '../difference-settings.ts';
import { MotionSettingError } from '../error.ts';
import { anyAreas, anyScene, anySettings } from '../testing/any-scene.ts';
import { FastDifferenceDetector } from './fast-difference-detector.ts';
import { Kernel } from './kernel.ts';
import { KERNEL_FILE } from './testing/kernel-file.ts';

const kernel = Kernel.load(KERNEL_FILE);
const { current } = DIFFERENCE_PRESETS;
const walk: Scene = {
  widthPx: 160,
  heightPx: 90,
  seed: 1,
  noise: 3,
  rectangles: [{ x: 10, y: 10, width: 30, height: 40, dx: 12, dy: 3, shade: 220 }],
};

const open: FastDifferenceDetector[] = [];
afterEach(() => open.splice(0).forEach((detector) => detector[Symbol.dispose]()));

function newDetector(settings: DifferenceSettings = current): FastDifferenceDetector {
  const detector = new FastDifferenceDetector(kernel, settings);
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

describe('FastDifferenceDetector', () => {
  it.each(readGoldens().pipelines)(
    'sees and decides as OpenCV does: $name',
    ({ scene, settings, frames }) => {
      const detector = newDetector(settings);
      for (const [index, frame] of frames.entries()) {
        const detection = detector.detect(pictureOf(scene, index));
        expect(outcomeOf(detector, detection)).toEqual(outcomeOfGolden(frame));
      }
    },
  );

  it('says what the plain detector says, whatever the scene, the settings and the areas', () => {
    fc.assert(
      fc.property(
        anyScene,
        anySettings,
        anyAreas,
        fc.nat({ max: 20 }),
        fc.boolean(),
        (scene, settings, areas, padding, isFullRange) => {
          using fast = new FastDifferenceDetector(kernel, settings, areas);
          const plain = new DifferenceDetector(settings, areas);
          for (let index = 0; index < 5; index++) {
            // Every third picture repeats one, so that patches are blurred only later.
            const shown = index - (index % 3 === 2 ? 1 : 0);
            const picture = { ...pictureOf(scene, shown, padding), isFullRange };
            const [said, expected] = [fast.detect(picture), plain.detect(picture)];
            expect(said).toEqual(expected);
            // Asking for the stages must not change what comes next.
            if (index % 2 === 1) expect(outcomeOf(fast, said)).toEqual(outcomeOf(plain, expected));
          }
        },
      ),
      { numRuns: 800 },
    );
  });

  it('has stages of the picture detected last, motion or not', () => {
    const detector = newDetector();
    expect(detector.stages()).toBeUndefined();
    detector.detect(pictureOf(walk, 0));
    expect(detector.stages()?.contours).toEqual([]);
    const { boxes } = detector.detect(pictureOf(walk, 1));
    expect(boxes.length).toBeGreaterThan(0);
    expect(detector.stages()?.contours.map(({ box }) => box)).toEqual(boxes);
  });

  it('forgets the scene when reset', () => {
    const detector = newDetector();
    detector.detect(pictureOf(walk, 0));
    expect(detector.detect(pictureOf(walk, 2)).isMotion).toBe(true);
    detector.reset();
    expect(detector.detect(pictureOf(walk, 0)).score).toBe(0);
    expect(detector.stages()?.contours).toEqual([]);
    const plain = new DifferenceDetector(current);
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
    const own = Kernel.load(KERNEL_FILE);
    const settings = { ...DIFFERENCE_PRESETS.v3, analysedWidthPx: 128 };
    const polygon = [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 0, y: 1 },
    ];
    const areas = { masks: [polygon], zones: [{ name: 'yard', polygon, weight: 2 }] };
    const useOnce = (widthPx: number) => {
      using detector = new FastDifferenceDetector(own, settings, areas);
      for (let index = 0; index < 3; index++) detector.detect(pictureOf({ ...walk, widthPx }, index));
    };
    for (let i = 0; i < 20; i++) useOnce(200 + i);
    const sizeBytes = own.bytes(0, 0).buffer.byteLength;
    for (let i = 0; i < 200; i++) useOnce(200 + (i % 20));
    expect(own.bytes(0, 0).buffer.byteLength).toBe(sizeBytes);
  });

  it('refuses settings outside their range', () => {
    expect(() => newDetector({ ...current, blurSizePx: 10 })).toThrow(MotionSettingError);
  });
});
