import { detectionSettings } from '../app/detection-settings.ts';
import type { Detectors } from '../app/detectors.ts';
import type { EventConfig, MotionConfig } from '../config/config.ts';
import { Lane } from '../lab/lane.ts';

/** How footage is looked at. */
export interface LaneSettings {
  readonly event: EventConfig;
  readonly motion: MotionConfig;
}

/** @throws MotionSettingError for a setting outside its range. */
export function makeLane(
  { event, motion }: LaneSettings,
  detectors: Detectors,
  { isExplaining }: { readonly isExplaining: boolean },
): Lane {
  const { detector, areas } = detectionSettings(motion);
  return new Lane({
    detector: detectors.make(detector, areas),
    rateFps: motion.rateFps,
    event,
    isExplaining,
  });
}
