import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../base/log.ts';
import { CurrentDetector, DEFAULT_CURRENT_SETTINGS } from '../motion/current-detector.ts';
import { FastCurrentDetector } from '../motion/kernel/fast-current-detector.ts';
import { Kernel, KernelError } from '../motion/kernel/kernel.ts';
import { Detectors } from './detectors.ts';

afterEach(() => vi.restoreAllMocks());

describe('Detectors', () => {
  it('makes detectors that share one kernel', () => {
    const load = vi.spyOn(Kernel, 'load');
    const detectors = new Detectors(silentLog);
    for (let i = 0; i < 2; i++) {
      using detector = detectors.make(DEFAULT_CURRENT_SETTINGS);
      expect(detector).toBeInstanceOf(FastCurrentDetector);
    }
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('makes plain ones where the kernel cannot run, and says so once', () => {
    vi.spyOn(Kernel, 'load').mockImplementation(() => {
      throw new KernelError('unavailable', 'Cannot load the motion kernel', { cause: new Error('no SIMD') });
    });
    const warn = vi.fn<(message: string) => void>();
    const detectors = new Detectors({ ...silentLog, warn });
    for (let i = 0; i < 2; i++) {
      using detector = detectors.make(DEFAULT_CURRENT_SETTINGS);
      expect(detector).toBeInstanceOf(CurrentDetector);
    }
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      'Cannot load the motion kernel: no SIMD; motion detection will take several times as much CPU',
    ]);
  });
});
