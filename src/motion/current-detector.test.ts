import { describe, expect, it } from 'vitest';
import {
  boxesGolden,
  checksum,
  maskChecksum,
  readGoldens,
  type PipelineGolden,
} from '../../test/goldens/goldens.ts';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import { BitMask } from './bit-mask.ts';
import { GaussianBlur } from './blur.ts';
import { CurrentDetector, DEFAULT_CURRENT_SETTINGS } from './current-detector.ts';
import type { LumaPicture } from './detector.ts';
import { markDifference } from './difference.ts';
import { MotionSettingError } from './error.ts';
import { expandLuma } from './expand-luma.ts';
import { dilate, erode } from './morphology.ts';
import { AreaScaler, scaledSize } from './scale-area.ts';

const still: Scene = { widthPx: 160, heightPx: 90, seed: 1, noise: 3, rectangles: [] };
const walk: Scene = {
  ...still,
  rectangles: [{ x: 10, y: 10, width: 30, height: 40, dx: 12, dy: 3, shade: 220 }],
};

function pictureOf(scene: Scene, index: number): LumaPicture {
  const { widthPx, heightPx } = scene;
  return { widthPx, heightPx, stride: widthPx, data: renderScene(scene, index), isFullRange: true };
}

function plane({ widthPx, heightPx }: { widthPx: number; heightPx: number }): Uint8Array {
  return new Uint8Array(widthPx * heightPx);
}

/** Checksums of what each step leaves, picture by picture. */
function stepsOf({ scene, settings, frames }: PipelineGolden) {
  const analysed = scaledSize(scene.widthPx, scene.heightPx, settings.analysedWidthPx);
  const blur = new GaussianBlur(analysed.widthPx, analysed.heightPx, settings.blurSizePx);
  let previous: Uint8Array | undefined;
  return frames.map((_, index) => {
    const picture = pictureOf(scene, index);
    let scaled = picture.data;
    if (analysed.widthPx < scene.widthPx) {
      scaled = plane(analysed);
      new AreaScaler(scene, analysed).scale(picture, scaled);
    }
    const blurred = plane(analysed);
    const mask = new BitMask(analysed.widthPx, analysed.heightPx);
    blur.blur({ ...analysed, stride: analysed.widthPx, data: scaled }, blurred);
    if (previous !== undefined) markDifference(blurred, previous, settings.threshold, mask);
    previous = blurred;
    const difference = maskChecksum(mask);
    dilate(mask, settings.dilateIterations);
    erode(mask, settings.erodeIterations);
    return { scaled: checksum(scaled), blurred: checksum(blurred), difference, mask: maskChecksum(mask) };
  });
}

describe('the steps of the current detector', () => {
  it.each(readGoldens().pipelines)(
    'equal OpenCV to the bit on $scene.widthPx x $scene.heightPx at $settings.analysedWidthPx',
    (golden) => {
      const goldenSteps = golden.frames.map(({ scaled, blurred, difference, mask }) => {
        return { scaled, blurred, difference, mask };
      });
      expect(stepsOf(golden)).toEqual(goldenSteps);
    },
  );
});

describe('CurrentDetector', () => {
  it.each(readGoldens().pipelines)(
    'decides as OpenCV does on $scene.widthPx x $scene.heightPx at $settings.analysedWidthPx',
    ({ scene, settings, frames }) => {
      const detector = new CurrentDetector(settings);
      for (const [index, { score, isMotion, boxes, boxesChecksum }] of frames.entries()) {
        const detection = detector.detect(pictureOf(scene, index));
        expect(detection).toMatchObject({ score, isMotion });
        if (isMotion) expect(boxesGolden(detection.boxes)).toEqual({ boxes, boxesChecksum });
        else expect(detection.boxes).toEqual([]);
      }
    },
  );

  it('says nothing about the first picture', () => {
    const detection = new CurrentDetector().detect(pictureOf(walk, 0));
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
    const detector = new CurrentDetector();
    detector.detect(pictureOf(still, 0));
    expect(detector.detect(pictureOf(still, 1)).isMotion).toBe(false);
    expect(detector.detect(pictureOf(walk, 2)).isMotion).toBe(true);
  });

  it('forgets the scene when reset', () => {
    const detector = new CurrentDetector();
    detector.detect(pictureOf(walk, 0));
    detector.reset();
    expect(detector.detect(pictureOf(walk, 1)).score).toBe(0);
  });

  it('starts anew when the size of the picture changes', () => {
    const detector = new CurrentDetector();
    detector.detect(pictureOf(walk, 0));
    expect(detector.detect(pictureOf({ ...walk, widthPx: 200 }, 1)).score).toBe(0);
    expect(detector.detect(pictureOf({ ...walk, widthPx: 200 }, 2)).isMotion).toBe(true);
  });

  it('expands luma of limited range first', () => {
    const [fromLimited, fromFull] = [new CurrentDetector(), new CurrentDetector()];
    for (const index of [0, 1]) {
      const picture = pictureOf(walk, index);
      const expanded = plane(picture);
      expandLuma(picture, expanded);
      const detection = fromLimited.detect({ ...picture, isFullRange: false });
      expect(detection).toEqual(fromFull.detect({ ...picture, data: expanded }));
    }
  });

  it('tells the size it analysed', () => {
    const detection = new CurrentDetector().detect(pictureOf({ ...still, widthPx: 640, heightPx: 360 }, 0));
    expect(detection).toMatchObject({ analysedWidthPx: 500, analysedHeightPx: 281 });
  });

  it.each([
    { analysedWidthPx: 15 },
    { blurSizePx: 10 },
    { threshold: 255 },
    { dilateIterations: -1 },
    { erodeIterations: 0.5 },
    { minimalAreaPx: 0 },
  ])('refuses the setting %o', (setting) => {
    expect(() => new CurrentDetector({ ...DEFAULT_CURRENT_SETTINGS, ...setting })).toThrow(
      MotionSettingError,
    );
  });
});
