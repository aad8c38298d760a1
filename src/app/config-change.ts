import type { CameraConfig, Config } from '../config/config.ts';
import { saysTheSame } from '../config/told-config.ts';
import type { CamerasChange } from './recorded-cameras.ts';

/** Whether something has changed that every camera is made with. */
export function concernsAllCameras(before: Config, after: Config): boolean {
  const shared = ({ archive: { segmentLengthMs, timeZone }, ring }: Config) => ({
    segmentLengthMs,
    timeZone,
    ring,
  });
  return !saysTheSame(shared(before), shared(after));
}

/** Whether a camera that runs is to be made anew: what is kept of its recordings is asked for anew each time. */
export function concernsCamera(before: CameraConfig, after: CameraConfig): boolean {
  return !saysTheSame({ ...before, retention: after.retention }, after);
}

/** The sections whose changes a running recorder does not follow. */
export function afterRestart(before: Config, after: Config): readonly string[] {
  return Object.keys(fixedSections(after)).filter(
    (name) => !saysTheSame(fixedSections(before)[name], fixedSections(after)[name]),
  );
}

/** For people. */
export function describeCameras({ added, removed, restarted }: CamerasChange): string {
  const parts = Object.entries({ added, removed, changed: restarted })
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what} ${names.join(', ')}`);
  return parts.length === 0 ? 'no camera is concerned' : parts.join('; ');
}

/** All that is neither of one camera, nor asked for anew each time, nor what cameras or the web server are made with. */
function fixedSections(config: Config): Readonly<Record<string, unknown>> {
  const { cameras: _cameras, retention: _retention, ring: _ring, web: _web, archive, ...others } = config;
  const { segmentLengthMs: _length, timeZone: _zone, ...place } = archive;
  return { archive: place, ...others };
}
