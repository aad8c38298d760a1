import { mediaTicks, type MediaTicks } from '../../base/time.ts';
import { Mp4Error } from './mp4-error.ts';

/**
 * The moment of a file's time line where its run starts. Decode times are unsigned in MP4 (ISO 14496-12 8.8.12),
 * but B frames and sound ahead of the picture put the first packets of a run before its zero. The shift is the same
 * in every file of ours and a whole number of ticks at every clock rate; the edit list hides it from the viewer.
 */
export const RUN_START_SECONDS = 10;

/**
 * Where a moment of the run lies on the file's time line, in the same ticks.
 * @throws Mp4Error `unrepresentable` more than `RUN_START_SECONDS` before the run's start.
 */
export function toFileTicks(ticks: MediaTicks, clockRateHz: number): number {
  const fileTicks = ticks + RUN_START_SECONDS * clockRateHz;
  if (!Number.isSafeInteger(fileTicks) || fileTicks < 0) {
    throw new Mp4Error(
      'unrepresentable',
      `cannot place media time ${ticks} (of ${clockRateHz} a second) in a file`,
    );
  }
  return fileTicks;
}

/** The reverse of `toFileTicks`. */
export function toRunTicks(fileTicks: number, clockRateHz: number): MediaTicks {
  return mediaTicks(fileTicks - RUN_START_SECONDS * clockRateHz);
}
