import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksum, outcomeOf, outcomeOfGolden, readGoldens } from '../../test/goldens/goldens.ts';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import { WHOLE_PICTURE, type Polygon } from './areas.ts';
import { BitMask } from './bit-mask.ts';
import { GaussianBlur } from './blur.ts';
import type { LumaPicture } from './detector.ts';
import { DifferenceDetector } from './difference-detector.ts';
import { DIFFERENCE_PRESETS, type DifferenceSettings } from './difference-settings.ts';
import { markDifference } from './difference.ts';
import { MotionSettingError } from './error.ts';
import { expandLuma } from './expand-luma.ts';
import { dilate, erode } from './morphology.ts';
import { AreaScaler, scaledSize } from './scale-area.ts';
import { anyScene, anySettings } from './testing/any-scene.ts';

const { current } = DIFFERENCE_PRESETS;
const still: Scene = { widthPx: 160, heightPx: 90, seed: 1, noise: 3, rectangles: [] };
const walk: Scene = {
  ...still,
  rectangles: [{ x: 10, y: 10, width: 30, height: 40, dx: 12, dy: 3, shade: 220 }],
};

/** Of the walk, too, its first pictures. */
const LEFT_HALF: Polygon = [
  { x: 0, y: 0 },
  { x: 0.5, y: 0 },
  { x: 0.5, y: 1 },
  { x: 0, y: 1 },
];

function pictureOf(scene: Scene, index: number): LumaPicture {
  const { widthPx, heightPx } = scene;
  return { widthPx, heightPx, stride: widthPx, data: renderScene(scene, index), isFullRange: true };
}

function plane({ widthPx, heightPx }: { widthPx: number; heightPx: number }): Uint8Array {
  return new Uint8Array(widthPx * heightPx);
}

/** Checksums of what each step leaves when all of the picture is blurred, picture by picture. */
function eagerStepsOf(scene: Scene, settings: DifferenceSettings, pictures: number) {
  const analysed = scaledSize(scene.widthPx, scene.heightPx, settings.analysedWidthPx);
  const blur = new GaussianBlur(analysed.widthPx, analysed.heightPx, settings.blurSizePx);
  let previous: Uint8Array | undefined;
  let earlier: BitMask | undefined;
  return Array.from({ length: pictures }, (_, index) => {
    const picture = pictureOf(scene, index);
    let scaled = picture.data;
    if (analysed.widthPx < scene.widthPx) {
      scaled = plane(analysed);
      new AreaScaler(scene, analysed).scale(picture, scaled);
    }
    const blurred = plane(analysed);
    blur.blur({ ...analysed, stride: analysed.widthPx, data: scaled }, blurred);
    const mask = new BitMask(analysed.widthPx, analysed.heightPx);
    if (previous !== undefined) markDifference(blurred, previous, settings.threshold, mask);
    const difference = mask.copy();
    if (settings.pictures === 3) mask.keep(earlier ?? mask);
    [previous, earlier] = [blurred, difference];
    const changed = checksum(mask.toBytes());
    dilate(mask, settings.dilateIterations);
    erode(mask, settings.erodeIterations);
    return { scaled: checksum(scaled), blurred: checksum(blurred), changed, mask: checksum(mask.toBytes()) };
  });
}

describe('the steps of the difference detectors', () => {
  it.each(readGoldens().pipelines)('equal OpenCV to the bit: $name', ({ scene, settings, frames }) => {
    const goldenSteps = frames.map(({ scaled, blurred, changed, mask }) => {
      return { scaled, blurred, changed, mask };
    });
    expect(eagerStepsOf(scene, settings, frames.length)).toEqual(goldenSteps);
  });
});

describe('DifferenceDetector', () => {
  it('has the presets that it descends from', () => {
    expect(DIFFERENCE_PRESETS).toEqual(readGoldens().presets);
  });

  it.each(readGoldens().pipelines)(
    'sees and decides as OpenCV does: $name',
    ({ scene, settings, frames }) => {
      const detector = new DifferenceDetector(settings);
      for (const [index, frame] of frames.entries()) {
        const detection = detector.detect(pictureOf(scene, index));
        expect(outcomeOf(detector, detection)).toEqual(outcomeOfGolden(frame));
      }
    },
  );

  it('sees by blurring only where it has to what it would see by blurring everything', () => {
    fc.assert(
      fc.property(anyScene, anySettings, (scene, settings) => {
        const detector = new DifferenceDetector(settings);
        for (const [index, { changed, mask }] of eagerStepsOf(scene, settings, 4).entries()) {
          const outcome = outcomeOf(detector, detector.detect(pictureOf(scene, index)));
          expect(outcome).toMatchObject({ changed, mask });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says nothing about the first picture', () => {
    const detection = new DifferenceDetector(current).detect(pictureOf(walk, 0));
    expect(detection).toEqual({
      score: 0,
      isMotion: false,
      boxes: [],
      zones: [],
      analysedWidthPx: 160,
      analysedHeightPx: 90,
    });
  });

  it('sees what moves, and not the noise of a still scene', () => {
    const detector = new DifferenceDetector(current);
    detector.detect(pictureOf(still, 0));
    expect(detector.detect(pictureOf(still, 1)).isMotion).toBe(false);
    expect(detector.detect(pictureOf(walk, 2)).isMotion).toBe(true);
  });

  it('forgets the scene when reset', () => {
    const detector = new DifferenceDetector(current);
    detector.detect(pictureOf(walk, 0));
    detector.reset();
    expect(detector.detect(pictureOf(walk, 1)).score).toBe(0);
  });

  it('starts anew when the size of the picture changes', () => {
    const detector = new DifferenceDetector(current);
    detector.detect(pictureOf(walk, 0));
    expect(detector.detect(pictureOf({ ...walk, widthPx: 200 }, 1)).score).toBe(0);
    expect(detector.detect(pictureOf({ ...walk, widthPx: 200 }, 2)).isMotion).toBe(true);
  });

  it('expands luma of limited range first', () => {
    const [fromLimited, fromFull] = [new DifferenceDetector(current), new DifferenceDetector(current)];
    for (const index of [0, 1]) {
      const picture = pictureOf(walk, index);
      const expanded = plane(picture);
      expandLuma(picture, expanded);
      const detection = fromLimited.detect({ ...picture, isFullRange: false });
      expect(detection).toEqual(fromFull.detect({ ...picture, data: expanded }));
    }
  });

  it('tells the size it analysed', () => {
    const detection = new DifferenceDetector(current).detect(
      pictureOf({ ...still, widthPx: 640, heightPx: 360 }, 0),
    );
    expect(detection).toMatchObject({ analysedWidthPx: 500, analysedHeightPx: 281 });
  });

  it('sees nothing in masked areas, nor what grows into them', () => {
    const detector = new DifferenceDetector(current, { masks: [LEFT_HALF], zones: [] });
    detector.detect(pictureOf(walk, 0));
    for (const index of [1, 2, 3, 4, 5, 6]) {
      const { score } = detector.detect(pictureOf(walk, index));
      const stages = detector.stages();
      const columns = Array.from(stages?.mask ?? [], (pixel, i) => (pixel === 0 ? Infinity : i % 160));
      expect(Math.min(...columns)).toBeGreaterThanOrEqual(80);
      expect(columns.filter((x) => x < 160)).toHaveLength(score);
    }
  });

  it('sees beside masked areas what it would see without them', () => {
    const v3 = { ...DIFFERENCE_PRESETS.v3, analysedWidthPx: 100 };
    const [masked, whole] = [{ masks: [LEFT_HALF], zones: [] }, WHOLE_PICTURE].map(
      (areas) => new DifferenceDetector(v3, areas),
    );
    for (let index = 0; index < 8; index++) {
      masked?.detect(pictureOf(walk, index));
      whole?.detect(pictureOf(walk, index));
      const expected = whole?.stages()?.mask.map((pixel, i) => (i % 100 < 50 ? 0 : pixel));
      expect(masked?.stages()?.mask).toEqual(expected);
    }
  });

  it('counts what changes in a zone as often as the zone weighs', () => {
    const yard = { name: 'yard', polygon: LEFT_HALF, weight: 3 };
    const weighed = new DifferenceDetector(current, { masks: [], zones: [yard] });
    const plain = new DifferenceDetector(current);
    for (const index of [0, 1]) {
      const { score, zones } = weighed.detect(pictureOf(walk, index));
      expect(score).toBe(3 * plain.detect(pictureOf(walk, index)).score);
      expect(zones).toEqual(index === 0 ? [] : ['yard']);
    }
  });

  it.each([
    { analysedWidthPx: 15 },
    { blurSizePx: 10 },
    { threshold: 255 },
    { dilateIterations: -1 },
    { erodeIterations: 0.5 },
    { pictures: 4 as 2 },
    { decision: { measure: 'changed-pixels', leastPx: 0 } as const },
    { decision: { measure: 'contour-area', leastPx: 0.5 } as const },
    { decision: { measure: 'changed-share', abovePercent: -1 } as const },
    { decision: { measure: 'largest-box', leastPercent: 0 } as const },
    { decision: { measure: 'largest-box', leastPercent: 101 } as const },
  ])('refuses the setting %o', (setting) => {
    expect(() => new DifferenceDetector({ ...current, ...setting })).toThrow(MotionSettingError);
  });
});
