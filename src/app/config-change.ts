import type { Config } from '../config/config.ts';
import { saysTheSame } from '../config/told-config.ts';

/** Whether something has changed that every camera is made with. */
export function concernsAllCameras(before: Config, after: Config): boolean {
  const shared = ({ archive: { segmentLengthMs, timeZone }, ring }: Config) => ({
    segmentLengthMs,
    timeZone,
    ring,
  });
  return !saysTheSame(shared(before), shared(after));
}

/** The sections whose changes a running recorder does not follow. */
export function afterRestart(before: Config, after: Config): readonly string[] {
  return Object.keys(fixedSections(after)).filter(
    (name) => !saysTheSame(fixedSections(before)[name], fixedSections(after)[name]),
  );
}

/** All that is neither of one camera, nor asked for anew each time, nor what cameras are made with. */
function fixedSections(config: Config): Readonly<Record<string, unknown>> {
  const { cameras: _cameras, retention: _retention, ring: _ring, archive, ...others } = config;
  const { segmentLengthMs: _length, timeZone: _zone, ...place } = archive;
  return { archive: place, ...others };
}
