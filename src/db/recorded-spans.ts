import { wallMs } from '../base/time.ts';
import type { Span } from './archive-index.ts';
import type { SegmentRecord } from './records.ts';

/** What may lie between two fragments or two files of a run and still counts as recorded: one picture lasts until the next. */
export const LONGEST_PAUSE_MS = 1_000;

/**
 * Where a segment holds footage: from its start to its end, without the holes in it that are longer than a second.
 * (A picture before such a hole does not last until the one after it: see `recording/fragment-cutter`.)
 */
export function recordedSpans({
  startWallMs,
  endWallMs,
  fragments,
}: Pick<SegmentRecord, 'startWallMs' | 'endWallMs' | 'fragments'>): readonly Span[] {
  const spans: Span[] = [];
  let fromMs = 0;
  let untilMs = 0;
  for (const { startMs, durationMs } of fragments) {
    if (startMs - untilMs > LONGEST_PAUSE_MS) {
      spans.push({ startWallMs: wallMs(startWallMs + fromMs), endWallMs: wallMs(startWallMs + untilMs) });
      fromMs = startMs;
    }
    untilMs = Math.max(untilMs, startMs + durationMs);
  }
  spans.push({ startWallMs: wallMs(startWallMs + fromMs), endWallMs });
  return spans.filter((span) => span.endWallMs > span.startWallMs);
}
