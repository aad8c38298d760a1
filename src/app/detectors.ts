import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { CurrentDetector, type CurrentSettings } from '../motion/current-detector.ts';
import type { MotionDetector } from '../motion/detector.ts';
import { FastCurrentDetector } from '../motion/kernel/fast-current-detector.ts';
import { Kernel, KernelError } from '../motion/kernel/kernel.ts';

/** Makes the detectors of a process. They share one kernel, loaded for the first of them. */
export class Detectors {
  readonly #log: Log;
  #kernel: Kernel | 'unavailable' | undefined;

  /** @param log is told when there is no kernel, and detectors are the plain ones: the same results, but slower. */
  constructor(log: Log) {
    this.#log = log;
  }

  /** @throws MotionSettingError for a setting outside its range. */
  make(settings: CurrentSettings): MotionDetector {
    this.#kernel ??= this.#load();
    if (this.#kernel === 'unavailable') return new CurrentDetector(settings);
    return new FastCurrentDetector(this.#kernel, settings);
  }

  #load(): Kernel | 'unavailable' {
    try {
      return Kernel.load();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      const effect = 'motion detection will take several times as much CPU';
      this.#log.warn(`${describeError(error)}; ${effect}`, error.fields);
      return 'unavailable';
    }
  }
}
