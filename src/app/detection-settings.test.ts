import { describe, expect, it } from 'vitest';
import type { DetectorName, MotionConfig } from '../config/config.ts';
import { jsonSchema } from '../config/json-schema.ts';
import { DEFAULT_ADAPTIVE_SETTINGS } from '../motion/adaptive/adaptive-settings.ts';
import { WHOLE_PICTURE } from '../motion/areas.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import { detectionSettings } from './detection-settings.ts';

/** What the section `motion` says when nothing is written but this. */
function config(written: Partial<MotionConfig> = {}): MotionConfig {
  return {
    detector: 'current',
    sensitivity: 50,
    rateFps: 5,
    widthPx: undefined,
    threshold: undefined,
    blurPx: undefined,
    dilatePx: undefined,
    erodePx: undefined,
    minimalAreaPx: undefined,
    minimalPercent: undefined,
    masks: [],
    zones: [],
    ...written,
  };
}

function decision(written: Partial<MotionConfig>): unknown {
  const { detector } = detectionSettings(config(written));
  return detector.kind === 'difference' ? detector.decision : detector.minimalPercent;
}

const polygon = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
];

describe('detectionSettings', () => {
  it("are each detector's own, for the whole picture, when nothing is written", () => {
    for (const detector of ['current', 'three-frame', 'v1', 'v2', 'v3', 'v4'] as const) {
      const settings = detectionSettings(config({ detector }));
      expect(settings).toEqual({ detector: DIFFERENCE_PRESETS[detector], areas: WHOLE_PICTURE });
    }
    const adaptive = detectionSettings(config({ detector: 'adaptive' }));
    expect(adaptive).toEqual({ detector: DEFAULT_ADAPTIVE_SETTINGS, areas: WHOLE_PICTURE });
  });

  it('are those that the options of the configuration say are their defaults', () => {
    const { properties = {} } = jsonSchema().properties?.motion ?? {};
    const says = (option: string, text: string) => expect(properties[option]?.description).toContain(text);
    says('widthPx', 'Default: 500, of adaptive 640');
    says('threshold', 'Default: 10, of v1 25');
    says('blur', 'Default: 11, of v1 and v2 21');
    says('dilate', 'Default: 8, of v1 2');
    says('erode', 'Default: 4');
    says('minimalArea', 'Default: 1500, of v3 1001, of v4 (area within contours) 10');
    says('minimalPercent', 'v1 (default: 8), all that changed of v2 (1), a region of adaptive (0.25)');
    const said = {
      current: { threshold: 10, blurPx: 11, dilatePx: 8, erodePx: 4, minimalAreaPx: 1500 },
      'three-frame': { threshold: 10, blurPx: 11, dilatePx: 8, erodePx: 4, minimalAreaPx: 1500 },
      v1: { threshold: 25, blurPx: 21, dilatePx: 2, minimalPercent: 8 },
      v2: { threshold: 10, blurPx: 21, minimalPercent: 1 },
      v3: { threshold: 10, blurPx: 11, minimalAreaPx: 1001 },
      v4: { threshold: 10, blurPx: 11, minimalAreaPx: 10 },
      adaptive: { minimalPercent: 0.25 },
    } satisfies Record<DetectorName, Partial<MotionConfig>>;
    for (const [name, written] of Object.entries(said)) {
      const detector = name as DetectorName;
      const widthPx = detector === 'adaptive' ? 640 : 500;
      expect(detectionSettings(config({ detector, widthPx, ...written }))).toEqual(
        detectionSettings(config({ detector })),
      );
    }
  });

  it('take what is written', () => {
    const written = { widthPx: 320, threshold: 20, blurPx: 5, dilatePx: 3, erodePx: 1, minimalAreaPx: 700 };
    expect(detectionSettings(config({ detector: 'three-frame', ...written })).detector).toEqual({
      kind: 'difference',
      pictures: 3,
      analysedWidthPx: 320,
      threshold: 20,
      blurSizePx: 5,
      dilateIterations: 3,
      erodeIterations: 1,
      decision: { measure: 'changed-pixels', leastPx: 700 },
    });
    expect(decision({ detector: 'v1', minimalPercent: 3 })).toMatchObject({ leastPercent: 3 });
    expect(decision({ detector: 'v2', minimalPercent: 3 })).toMatchObject({ abovePercent: 3 });
    expect(decision({ detector: 'adaptive', minimalPercent: 3 })).toBe(3);
    expect(decision({ detector: 'v4', minimalAreaPx: 40 })).toMatchObject({ leastPx: 40 });
  });

  it('halve what must change with every 10 steps of sensitivity, and double it the other way', () => {
    expect(decision({ sensitivity: 60 })).toMatchObject({ leastPx: 750 });
    expect(decision({ sensitivity: 40, minimalAreaPx: 101 })).toMatchObject({ leastPx: 202 });
    expect(decision({ sensitivity: 100, minimalAreaPx: 10 })).toMatchObject({ leastPx: 1 });
    expect(decision({ sensitivity: 1 })).toMatchObject({ leastPx: Math.round(1500 * 2 ** 4.9) });
    expect(decision({ detector: 'v1', sensitivity: 70 })).toMatchObject({ leastPercent: 2 });
    expect(decision({ detector: 'v2', sensitivity: 30 })).toMatchObject({ abovePercent: 4 });
    expect(decision({ detector: 'adaptive', sensitivity: 60 })).toBe(0.125);
  });

  it('never ask for more than the whole picture', () => {
    expect(decision({ detector: 'v1', sensitivity: 1 })).toMatchObject({ leastPercent: 100 });
  });

  it("weigh a zone by how far its sensitivity is from the camera's", () => {
    const zones = [50, 30, 60].map((sensitivity, i) => ({ name: `zone ${i}`, polygon, sensitivity }));
    const { areas } = detectionSettings(config({ sensitivity: 50, masks: [polygon], zones }));
    expect(areas.masks).toEqual([polygon]);
    expect(areas.zones).toEqual([
      { name: 'zone 0', polygon, weight: 1 },
      { name: 'zone 1', polygon, weight: 0.25 },
      { name: 'zone 2', polygon, weight: 2 },
    ]);
  });
});
