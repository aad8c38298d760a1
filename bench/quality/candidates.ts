import { resolve } from 'node:path';
import { AdaptiveDetector } from '../../src/motion/adaptive/adaptive-detector.ts';
import { DEFAULT_ADAPTIVE_SETTINGS } from '../../src/motion/adaptive/adaptive-settings.ts';
import type { AreaSettings } from '../../src/motion/areas.ts';
import type { MotionDetector } from '../../src/motion/detector.ts';
import { DIFFERENCE_PRESETS } from '../../src/motion/difference-settings.ts';
import { FastDifferenceDetector } from '../../src/motion/kernel/fast-difference-detector.ts';
import { KernelBackground } from '../../src/motion/kernel/kernel-background.ts';
import { Kernel } from '../../src/motion/kernel/kernel.ts';

/** One of each detector that Preroll has, by name, with its default settings. */
export function newDetectors(areas: AreaSettings): Map<string, MotionDetector> {
  const kernel = Kernel.load(resolve('dist/kernel.wasm'));
  const detectors = new Map<string, MotionDetector>();
  for (const [name, settings] of Object.entries(DIFFERENCE_PRESETS)) {
    detectors.set(name, new FastDifferenceDetector(kernel, settings, areas));
  }
  const adaptive = new AdaptiveDetector(
    DEFAULT_ADAPTIVE_SETTINGS,
    areas,
    (options) => new KernelBackground(kernel, options),
  );
  return detectors.set('adaptive', adaptive);
}
