import type { AdaptiveSettings } from './adaptive/adaptive-settings.ts';
import type { DifferenceSettings } from './difference-settings.ts';

/** What a detector can be told, by kind. */
export type DetectorSettings = DifferenceSettings | AdaptiveSettings;
