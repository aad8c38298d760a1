import type { MotionConfig } from '../config/config.ts';
import { DEFAULT_ADAPTIVE_SETTINGS, type AdaptiveSettings } from '../motion/adaptive/adaptive-settings.ts';
import type { AreaSettings } from '../motion/areas.ts';
import type { DetectorSettings } from '../motion/detector-settings.ts';
import {
  DIFFERENCE_PRESETS,
  type DifferenceDecision,
  type DifferencePreset,
  type DifferenceSettings,
} from '../motion/difference-settings.ts';

/** What is looked for in the pictures of a camera, and in which parts of them. */
export interface DetectionSettings {
  readonly detector: DetectorSettings;
  readonly areas: AreaSettings;
}

/** The sensitivity at which minimal areas and shares are what they say. */
const USUAL_SENSITIVITY = 50;
/** So many steps of sensitivity count a pixel twice, or halve what must change. */
const STEPS_TO_DOUBLE = 10;

/** What a camera's section `motion` means for its detector. */
export function detectionSettings(config: MotionConfig): DetectionSettings {
  const { detector } = config;
  return {
    detector: detector === 'adaptive' ? adaptiveSettings(config) : differenceSettings(detector, config),
    areas: areaSettings(config),
  };
}

function adaptiveSettings(config: MotionConfig): AdaptiveSettings {
  const defaults = DEFAULT_ADAPTIVE_SETTINGS;
  return {
    ...defaults,
    analysedWidthPx: config.widthPx ?? defaults.analysedWidthPx,
    minimalPercent: neededPercent(defaults.minimalPercent, config),
  };
}

function differenceSettings(preset: DifferencePreset, config: MotionConfig): DifferenceSettings {
  const defaults = DIFFERENCE_PRESETS[preset];
  return {
    ...defaults,
    analysedWidthPx: config.widthPx ?? defaults.analysedWidthPx,
    blurSizePx: config.blurPx ?? defaults.blurSizePx,
    threshold: config.threshold ?? defaults.threshold,
    dilateIterations: config.dilatePx ?? defaults.dilateIterations,
    erodeIterations: config.erodePx ?? defaults.erodeIterations,
    decision: differenceDecision(defaults.decision, config),
  };
}

function differenceDecision(defaults: DifferenceDecision, config: MotionConfig): DifferenceDecision {
  if ('leastPx' in defaults) return { ...defaults, leastPx: neededPx(defaults.leastPx, config) };
  if ('abovePercent' in defaults)
    return { ...defaults, abovePercent: neededPercent(defaults.abovePercent, config) };
  return { ...defaults, leastPercent: neededPercent(defaults.leastPercent, config) };
}

function neededPx(byDefault: number, { minimalAreaPx = byDefault, sensitivity }: MotionConfig): number {
  return Math.max(1, Math.round(minimalAreaPx / timesCounted(sensitivity, USUAL_SENSITIVITY)));
}

function neededPercent(byDefault: number, { minimalPercent = byDefault, sensitivity }: MotionConfig): number {
  return Math.min(100, minimalPercent / timesCounted(sensitivity, USUAL_SENSITIVITY));
}

function areaSettings({ masks, zones, sensitivity }: MotionConfig): AreaSettings {
  return {
    masks,
    zones: zones.map((zone) => ({
      name: zone.name,
      polygon: zone.polygon,
      weight: timesCounted(zone.sensitivity, sensitivity),
    })),
  };
}

/** How many times a changed pixel counts at one sensitivity for once at another. */
function timesCounted(sensitivity: number, other: number): number {
  return 2 ** ((sensitivity - other) / STEPS_TO_DOUBLE);
}
