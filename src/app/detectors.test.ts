import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../base/log.ts';
import { AdaptiveDetector } from '../motion/adaptive/adaptive-detector.ts';
import { DEFAULT_ADAPTIVE_SETTINGS } from '../motion/adaptive/adaptive-settings.ts';
import { WHOLE_PICTURE } from '../motion/areas.ts';
import { DifferenceDetector } from '../motion/difference-detector.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import { FastDifferenceDetector } from '../motion/kernel/fast-difference-detector.ts';
import { Kernel, KernelError } from '../motion/kernel/kernel.ts';
import { KERNEL_FILE } from '../motion/kernel/testing/kernel-file.ts';
import { Detectors } from './detectors.ts';

afterEach(() => vi.restoreAllMocks());

describe('Detectors', () => {
  it('makes detectors that share one kernel', () => {
    const load = vi.spyOn(Kernel, 'load');
    const detectors = new Detectors(silentLog, KERNEL_FILE);
    for (let i = 0; i < 2; i++) {
      using detector = detectors.make(DIFFERENCE_PRESETS.current, WHOLE_PICTURE);
      expect(detector).toBeInstanceOf(FastDifferenceDetector);
    }
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('makes one of each kind', () => {
    using detector = new Detectors(silentLog, KERNEL_FILE).make(DEFAULT_ADAPTIVE_SETTINGS, WHOLE_PICTURE);
    expect(detector).toBeInstanceOf(AdaptiveDetector);
  });

  it('makes plain ones where the kernel cannot run, and says so once', () => {
    vi.spyOn(Kernel, 'load').mockImplementation(() => {
      throw new KernelError('unavailable', 'Cannot load the motion kernel', { cause: new Error('no SIMD') });
    });
    const warn = vi.fn<(message: string) => void>();
    const detectors = new Detectors({ ...silentLog, warn }, KERNEL_FILE);
    for (let i = 0; i < 2; i++) {
      using detector = detectors.make(DIFFERENCE_PRESETS.current, WHOLE_PICTURE);
      expect(detector).toBeInstanceOf(DifferenceDetector);
    }
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      'Cannot load the motion kernel: no SIMD; motion detection will take several times as much CPU',
    ]);
  });
});
