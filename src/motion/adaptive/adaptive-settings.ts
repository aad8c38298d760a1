import { MotionSettingError, checkSetting } from '../error.ts';

/** What the `adaptive` detector can be told. */
export interface AdaptiveSettings {
  readonly kind: 'adaptive';
  /** Pictures wider than this are shrunk to it first, 16..8192. */
  readonly analysedWidthPx: number;
  /** Regions smaller than this share of the picture, in per cent, do not count; above 0, at most 100. */
  readonly minimalPercent: number;
}

/** Chosen by measuring (see `design/motion.md`). */
export const DEFAULT_ADAPTIVE_SETTINGS: AdaptiveSettings = {
  kind: 'adaptive',
  analysedWidthPx: 640,
  minimalPercent: 0.25,
};

/** @throws MotionSettingError for a setting outside its range. */
export function checkAdaptiveSettings({ analysedWidthPx, minimalPercent }: AdaptiveSettings): void {
  checkSetting('analysedWidthPx', analysedWidthPx, 16, 8192);
  if (minimalPercent > 0 && minimalPercent <= 100) return;
  throw new MotionSettingError(
    `Motion setting minimalPercent must be above 0 and at most 100: found ${minimalPercent}`,
  );
}
