import { describe, expect, it } from 'vitest';
import { renderScene, type Scene } from '../../../test/goldens/scene.ts';
import type { AreaSettings } from '../areas.ts';
import type { Detection, LumaPicture } from '../detector.ts';
import { MotionSettingError } from '../error.ts';
import { AdaptiveDetector } from './adaptive-detector.ts';
import { DEFAULT_ADAPTIVE_SETTINGS } from './adaptive-settings.ts';

const still: Scene = { widthPx: 64, heightPx: 40, seed: 1, noise: 3, rectangles: [] };
const thing = { x: 16, y: 8, width: 12, height: 16, dx: 0, dy: 0, shade: 250 };
const present: Scene = { ...still, rectangles: [thing] };

/** All of it, `brighter` than it is drawn. */
function pictureOf(scene: Scene, index: number, brighter = 0): LumaPicture {
  const { widthPx, heightPx } = scene;
  const data = renderScene(scene, index).map((luma) => Math.min(255, luma + brighter));
  return { widthPx, heightPx, stride: widthPx, data, isFullRange: true };
}

/** A detector that knows the still scene. */
function settled(areas?: AreaSettings, settings = DEFAULT_ADAPTIVE_SETTINGS): AdaptiveDetector {
  const detector = new AdaptiveDetector(settings, areas);
  for (let index = -30; index < 0; index++) detector.detect(pictureOf(still, index));
  return detector;
}

function rectangle(left: number, top: number, right: number, bottom: number) {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

describe('AdaptiveDetector', () => {
  it('sees what comes, with 3 pixels around it, and not the noise of a still scene', () => {
    const detector = settled();
    const quiet = { score: 0, isMotion: false, boxes: [], zones: [] };
    const size = { analysedWidthPx: 64, analysedHeightPx: 40 };
    expect(detector.detect(pictureOf(still, 20))).toEqual({ ...quiet, ...size });
    expect(detector.detect(pictureOf(present, 21))).toEqual({
      // 18 x 22 pixels of 2,560.
      score: 1546,
      isMotion: true,
      boxes: [{ x: 13, y: 5, width: 18, height: 22 }],
      zones: [],
      ...size,
    });
  });

  it('gets used to what stays', () => {
    const detector = settled();
    const alarms = Array.from({ length: 40 }, (_, i) => detector.detect(pictureOf(present, 20 + i)).isMotion);
    expect(alarms.slice(0, 5)).toEqual([true, true, true, true, true]);
    expect(alarms.at(-1)).toBe(false);
  });

  it('says nothing about the first five pictures', () => {
    const detector = new AdaptiveDetector();
    detector.detect(pictureOf(still, 0));
    const alarms = Array.from({ length: 5 }, (_, i) => detector.detect(pictureOf(present, 1 + i)).isMotion);
    expect(alarms).toEqual([false, false, false, false, false]);
  });

  it('leaves out regions smaller than it was told', () => {
    // 6 x 6 pixels grow to 12 x 12, which is 5.6 % of the picture.
    const small: Scene = { ...still, rectangles: [{ ...thing, width: 6, height: 6 }] };
    const alarmsAt = (minimalPercent: number) =>
      settled(undefined, { ...DEFAULT_ADAPTIVE_SETTINGS, minimalPercent }).detect(pictureOf(small, 20))
        .isMotion;
    expect(alarmsAt(5.6)).toBe(true);
    expect(alarmsAt(5.7)).toBe(false);
  });

  it('goes along with slowly changing light', () => {
    const detector = settled();
    for (let i = 1; i <= 10; i++) {
      expect(detector.detect(pictureOf(still, 20 + i, 8 * i))).toMatchObject({ isMotion: false });
    }
  });

  it('begins anew with another scene, says so once and holds still', () => {
    const detector = settled();
    const other: Scene = {
      ...still,
      rectangles: [
        { ...thing, x: 0, y: 0, width: 64, height: 20, shade: 250 },
        { ...thing, x: 0, y: 20, width: 64, height: 20, shade: 0 },
      ],
    };
    const first = detector.detect(pictureOf(other, 20));
    expect(first).toMatchObject({ isSceneChange: true, isMotion: false, score: 0 });
    expect(detector.detect(pictureOf(still, 21))).not.toHaveProperty('isSceneChange');
    for (let index = 22; index < 27; index++) {
      expect(detector.detect(pictureOf(still, index)).isMotion).toBe(false);
    }
    expect(detector.detect(pictureOf(present, 27))).toMatchObject({ isMotion: true });
  });

  it('does not see what is masked, and judges the scene by the rest', () => {
    const left = { masks: [rectangle(0, 0, 0.5, 1)], zones: [] };
    const detector = settled(left);
    expect(detector.detect(pictureOf(present, 20)).isMotion).toBe(false);
    const dark = { ...thing, x: 32, y: 0, width: 28, height: 40, shade: 255 };
    expect(detector.detect(pictureOf({ ...still, rectangles: [dark] }, 21)).isSceneChange).toBe(true);
  });

  it('counts pixels as often as they weigh, and tells the zones', () => {
    const zones = [
      { name: 'all', polygon: rectangle(0, 0, 1, 1), weight: 2 },
      { name: 'right', polygon: rectangle(0.5, 0, 1, 1), weight: 1 },
      { name: 'left', polygon: rectangle(0, 0, 0.5, 1), weight: 1 },
    ];
    const areas: AreaSettings = { masks: [], zones };
    const small: Scene = { ...still, rectangles: [{ ...thing, width: 6, height: 6 }] };
    const settings = { ...DEFAULT_ADAPTIVE_SETTINGS, minimalPercent: 11.2 };
    expect(settled(undefined, settings).detect(pictureOf(small, 20)).isMotion).toBe(false);
    const seen: Detection = settled(areas, settings).detect(pictureOf(small, 20));
    expect(seen).toMatchObject({ isMotion: true, score: 1125, zones: ['all', 'left'] });
  });

  it('explains what it saw', () => {
    const detector = settled();
    detector.detect(pictureOf(present, 20));
    const stages = detector.stages();
    const marked = (plane: Uint8Array | undefined) => plane?.filter((byte) => byte === 255).length;
    expect([stages?.widthPx, stages?.heightPx]).toEqual([64, 40]);
    expect(marked(stages?.changed)).toBe(12 * 16);
    expect(marked(stages?.mask)).toBe(18 * 22);
    expect(stages?.contours.map(({ box }) => box)).toEqual([{ x: 13, y: 5, width: 18, height: 22 }]);
    expect(new AdaptiveDetector().stages()).toBeUndefined();
  });

  it('forgets the scene when reset, and when the size changes', () => {
    const detector = settled();
    detector.reset();
    expect(detector.detect(pictureOf(present, 20))).toMatchObject({ isMotion: false });
    expect(detector.detect(pictureOf({ ...still, widthPx: 80 }, 21))).toMatchObject({
      isMotion: false,
      analysedWidthPx: 80,
    });
  });

  it.each([{ analysedWidthPx: 15 }, { minimalPercent: 0 }, { minimalPercent: 101 }])(
    'refuses the setting %o',
    (setting) => {
      expect(() => new AdaptiveDetector({ ...DEFAULT_ADAPTIVE_SETTINGS, ...setting })).toThrow(
        MotionSettingError,
      );
    },
  );
});
