import type { FragmentRecord } from '../db/records.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';

/** A fragment's place in its file and in its file's time. */
export interface FragmentExtent {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** When its first picture is decoded, since the first picture of the file; 90 kHz. */
  readonly startTicks: number;
  /** How long its pictures last together; 0 for a fragment of sound alone. */
  readonly durationTicks: number;
  readonly isKey: boolean;
}

/**
 * What the index holds about a fragment. Start and end are rounded, not the duration, so that fragments that touch in
 * the file touch in the index too. The recorder and those who read files use this, so that an index made from files alone
 * is the same to the millisecond.
 */
export function fragmentRecord(extent: FragmentExtent): FragmentRecord {
  const { offsetBytes, sizeBytes, startTicks, durationTicks, isKey } = extent;
  const startMs = toMs(startTicks);
  return { offsetBytes, sizeBytes, startMs, durationMs: toMs(startTicks + durationTicks) - startMs, isKey };
}

function toMs(ticks: number): number {
  return Math.round((ticks * 1000) / VIDEO_CLOCK_RATE_HZ);
}
