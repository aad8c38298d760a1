import { wallMs } from '../base/time.ts';
import type { Interval } from './intervals.ts';
import { unpackFragments } from './packed-fragments.ts';
import { recordedSpans } from './recorded-spans.ts';

/** Of a segment's row, what tells what it covers. */
export interface RecordedRow {
  readonly start_ms: number;
  readonly end_ms: number;
  readonly fragments: Uint8Array;
}

/** What a segment covers as its row tells it, in order, none of them empty. */
export function recordedIntervals(row: RecordedRow): readonly Interval[] {
  const spans = recordedSpans({
    startWallMs: wallMs(row.start_ms),
    endWallMs: wallMs(row.end_ms),
    fragments: unpackFragments(row.fragments),
  });
  return spans.map(({ startWallMs, endWallMs }) => ({ startMs: startWallMs, endMs: endWallMs }));
}
