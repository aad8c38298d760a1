import type { WallMs } from '../base/time.ts';

/** @returns what a file of a camera's footage is called, such as `yard_2026-11-27T13-05-10Z.mp4`. */
export function clipName(camera: string, at: WallMs): string {
  return `${camera}_${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z.mp4`;
}
