import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { AdaptiveDetector } from '../motion/adaptive/adaptive-detector.ts';
import type { AreaSettings } from '../motion/areas.ts';
import type { DetectorSettings } from '../motion/detector-settings.ts';
import type { MotionDetector } from '../motion/detector.ts';
import { DifferenceDetector } from '../motion/difference-detector.ts';
import { FastDifferenceDetector } from '../motion/kernel/fast-difference-detector.ts';
import { KernelBackground } from '../motion/kernel/kernel-background.ts';
import { Kernel, KernelError } from '../motion/kernel/kernel.ts';

/** Makes the detectors of a process. They share one kernel, loaded for the first of them. */
export class Detectors {
  readonly #log: Log;
  readonly #kernelFile: string;
  #kernel: Kernel | 'unavailable' | undefined;

  /** @param log is told when there is no kernel in the file, and detectors are the plain ones: the same results, but slower. */
  constructor(log: Log, kernelFile: string) {
    this.#log = log;
    this.#kernelFile = kernelFile;
  }

  /** @throws MotionSettingError for a setting outside its range. */
  make(settings: DetectorSettings, areas: AreaSettings): MotionDetector {
    this.#kernel ??= this.#load();
    if (this.#kernel === 'unavailable') return plainDetector(settings, areas);
    return fastDetector(this.#kernel, settings, areas);
  }

  #load(): Kernel | 'unavailable' {
    try {
      return Kernel.load(this.#kernelFile);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      const effect = 'motion detection will take several times as much CPU';
      this.#log.warn(`${describeError(error)}; ${effect}`, error.fields);
      return 'unavailable';
    }
  }
}

function plainDetector(settings: DetectorSettings, areas: AreaSettings): MotionDetector {
  if (settings.kind === 'adaptive') return new AdaptiveDetector(settings, areas);
  return new DifferenceDetector(settings, areas);
}

function fastDetector(kernel: Kernel, settings: DetectorSettings, areas: AreaSettings): MotionDetector {
  if (settings.kind === 'difference') return new FastDifferenceDetector(kernel, settings, areas);
  return new AdaptiveDetector(settings, areas, (options) => new KernelBackground(kernel, options));
}
