import { checkSetting, MotionSettingError } from './error.ts';
import { gaussianTaps } from './gaussian-taps.ts';

/**
 * What in the mask of changed pixels is measured, and how much of it is motion. The score is what is measured, in pixels:
 * where marked pixels are counted, as often as their zone weighs, rounded to whole ones for the score alone.
 */
export type DifferenceDecision =
  /** The marked pixels are motion from `leastPx` on, 1 or more. */
  | { readonly measure: 'changed-pixels'; readonly leastPx: number }
  /** The marked pixels are motion when they are more than `abovePercent` of the picture's, 0..100. */
  | { readonly measure: 'changed-share'; readonly abovePercent: number }
  /** The largest box around a contour, wherever it lies, is motion from `leastPercent` of the picture on, above 0 and up to 100. */
  | { readonly measure: 'largest-box'; readonly leastPercent: number }
  /** The areas of all contours together, in halves of a pixel, wherever they lie, are motion from `leastPx` on, 1 or more. */
  | { readonly measure: 'contour-area'; readonly leastPx: number };

/** What a detector of differences between successive pictures can be told. */
export interface DifferenceSettings {
  readonly kind: 'difference';
  /** Pictures wider than this are shrunk to it first, 16..8192. */
  readonly analysedWidthPx: number;
  /** 2: what differs from the picture before. 3: of that only what differed between the two before, too. */
  readonly pictures: 2 | 3;
  /** Side of the Gaussian blur that takes out noise, odd, 1 (none)..63. */
  readonly blurSizePx: number;
  /** A pixel has changed when its brightness changed by more than this, 0..254. */
  readonly threshold: number;
  /** How far changed areas grow so that neighbours join, in pixels, 0..127. */
  readonly dilateIterations: number;
  /** How far they shrink again, in pixels, 0..127. */
  readonly erodeIterations: number;
  readonly decision: DifferenceDecision;
}

export type DifferencePreset = 'current' | 'three-frame' | 'v1' | 'v2' | 'v3' | 'v4';

const CURRENT: DifferenceSettings = {
  kind: 'difference',
  analysedWidthPx: 500,
  pictures: 2,
  blurSizePx: 11,
  threshold: 10,
  dilateIterations: 8,
  erodeIterations: 4,
  decision: { measure: 'changed-pixels', leastPx: 1500 },
};

const UNSPREAD: DifferenceSettings = { ...CURRENT, dilateIterations: 0, erodeIterations: 0 };

/** The detectors of the recorder that Preroll descends from; `current` was its default. */
export const DIFFERENCE_PRESETS: Readonly<Record<DifferencePreset, DifferenceSettings>> = {
  current: CURRENT,
  'three-frame': { ...CURRENT, pictures: 3 },
  v1: {
    ...CURRENT,
    blurSizePx: 21,
    threshold: 25,
    dilateIterations: 2,
    erodeIterations: 0,
    decision: { measure: 'largest-box', leastPercent: 8 },
  },
  v2: { ...UNSPREAD, blurSizePx: 21, decision: { measure: 'changed-share', abovePercent: 1 } },
  // There it was "more than 1000".
  v3: { ...UNSPREAD, pictures: 3, decision: { measure: 'changed-pixels', leastPx: 1001 } },
  v4: { ...UNSPREAD, pictures: 3, decision: { measure: 'contour-area', leastPx: 10 } },
};

/** @throws MotionSettingError for a setting outside its range. */
export function checkDifferenceSettings(settings: DifferenceSettings): void {
  checkSetting('analysedWidthPx', settings.analysedWidthPx, 16, 8192);
  checkSetting('pictures', settings.pictures, 2, 3);
  gaussianTaps(settings.blurSizePx);
  checkSetting('threshold', settings.threshold, 0, 254);
  checkSetting('dilateIterations', settings.dilateIterations, 0, 127);
  checkSetting('erodeIterations', settings.erodeIterations, 0, 127);
  checkDecision(settings.decision);
}

function checkDecision(decision: DifferenceDecision): void {
  switch (decision.measure) {
    case 'changed-pixels':
    case 'contour-area':
      return checkSetting('leastPx', decision.leastPx, 1, Number.MAX_SAFE_INTEGER);
    case 'changed-share':
      return checkPercent('abovePercent', decision.abovePercent, decision.abovePercent >= 0);
    case 'largest-box':
      return checkPercent('leastPercent', decision.leastPercent, decision.leastPercent > 0);
  }
}

function checkPercent(name: string, percent: number, isEnough: boolean): void {
  if (isEnough && percent <= 100) return;
  const range = name === 'leastPercent' ? 'above 0 and up to 100' : '0 to 100';
  throw new MotionSettingError(`Motion setting ${name} must be ${range}: found ${percent}`);
}
