import { mediaTicks, type MediaTicks } from '../../base/time.ts';
import type { TrackRun } from './fragment.ts';
import { Mp4Error } from './mp4-error.ts';
import type { Mp4Track } from './mp4-track.ts';

/**
 * Where the time line of a file begins in its run. MP4 times are unsigned and players measure a file's length from
 * zero, so a file does not count on from the one before but begins near its first packet.
 *
 * The beginning is the same moment on every track, a whole number of ticks of each: otherwise the tracks would slip
 * against each other from file to file.
 */
export interface FileTimeline {
  /** Media time of the file's zero, in ticks of this `clockRateHz` since the run's start; may be negative. */
  readonly startTicks: number;
  /** A common divisor of the tracks' clock rates. */
  readonly clockRateHz: number;
}

/** The latest time line that holds every packet of the file's first fragment. */
export function timelineFrom(tracks: readonly Mp4Track[], firstFragment: readonly TrackRun[]): FileTimeline {
  const clockRateHz = tracks.map((track) => track.clockRateHz).reduce(greatestCommonDivisor, 0);
  const starts = firstFragment.flatMap(({ track, packets }) =>
    packets.slice(0, 1).map((packet) => Math.floor(packet.dts / (track.clockRateHz / clockRateHz))),
  );
  return { startTicks: Math.min(...starts), clockRateHz };
}

/**
 * A moment of the run on the file's time line, in the same ticks; negative before its beginning.
 * @param clockRateHz of a track of the file.
 */
export function toFileTicks(timeline: FileTimeline, ticks: MediaTicks, clockRateHz: number): number {
  const fileTicks = ticks - startIn(timeline, clockRateHz);
  if (!Number.isSafeInteger(fileTicks)) {
    throw new Mp4Error('unrepresentable', `cannot place media time ${ticks} in a file`);
  }
  return fileTicks;
}

/** Beyond, sums of times need not be exact: 1,500 years of 90 kHz. */
const MAX_EXACT_TICKS = 2 ** 52;

/** Whether a time that a file tells can be reckoned with. */
export function isExactTime(ticks: number): boolean {
  return Math.abs(ticks) <= MAX_EXACT_TICKS;
}

/** The reverse of `toFileTicks`; see `isExactTime`. */
export function toRunTicks(timeline: FileTimeline, fileTicks: number, clockRateHz: number): MediaTicks {
  return mediaTicks(fileTicks + startIn(timeline, clockRateHz));
}

function startIn(timeline: FileTimeline, clockRateHz: number): number {
  return timeline.startTicks * (clockRateHz / timeline.clockRateHz);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
