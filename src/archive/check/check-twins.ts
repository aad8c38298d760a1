import type { IndexAccess } from '../../db/index-access.ts';
import type { SegmentRecord } from '../../db/records.ts';
import { segmentsInTime } from '../index-rows.ts';

/** Two recordings of a camera that lie over each other in time. */
export interface Twins {
  readonly first: SegmentRecord;
  readonly second: SegmentRecord;
  /** Whether they hold the same footage. */
  readonly areSame: boolean;
}

/** What files of one camera may overlap without anybody's fault: wall time is steered from file to file. */
const LONGEST_SHIVER_MS = 5_000;

/**
 * The recordings of a camera that lie over each other. Time-lapses lie over others on purpose.
 * @throws IndexError; the signal's reason.
 */
export async function* findTwins(
  index: IndexAccess,
  camera: string,
  signal: AbortSignal,
): AsyncGenerator<Twins> {
  let before: SegmentRecord[] = [];
  for await (const second of segmentsInTime(index, camera)) {
    signal.throwIfAborted();
    before = before.filter(({ endWallMs }) => endWallMs > second.startWallMs);
    for (const first of before) {
      if (areTwins(first, second)) yield { first, second, areSame: holdTheSame(first, second) };
    }
    before.push(second);
  }
}

function areTwins(first: SegmentRecord, second: SegmentRecord): boolean {
  if ((first.kind === 'timelapse') !== (second.kind === 'timelapse')) return false;
  const endMs = Math.min(first.endWallMs, second.endWallMs);
  return holdTheSame(first, second) || endMs - second.startWallMs > LONGEST_SHIVER_MS;
}

function holdTheSame(first: SegmentRecord, second: SegmentRecord): boolean {
  return (
    first.runStartWallMs === second.runStartWallMs &&
    first.startWallMs === second.startWallMs &&
    first.endWallMs === second.endWallMs &&
    first.sizeBytes === second.sizeBytes
  );
}
