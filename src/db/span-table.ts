import type { Database, Statement } from './database.ts';
import { joinTouching, overlap, reachOf, subtract, type Interval } from './intervals.ts';
import { selectOverlapping } from './length-class.ts';
import { recordedIntervals, type RecordedRow } from './recorded-intervals.ts';

interface SpanRow {
  readonly start_ms: number;
  readonly end_ms: number;
}

/**
 * Where a camera has footage: all that its segments cover, with what touches made one span. So a month of a camera is a
 * few rows instead of 43,200. Each change looks at the segments around it only.
 */
export class SpanTable {
  readonly #overlapping: Statement<SpanRow>;
  readonly #first: Statement<{ readonly start_ms: number | null }>;
  readonly #segments: Statement<RecordedRow>;
  readonly #put: Statement<never>;
  readonly #delete: Statement<never>;

  constructor(database: Database) {
    // Spans of a camera lie apart, so of those that begin before, the last one alone can reach into the interval.
    this.#overlapping = database.prepare(
      `SELECT start_ms, end_ms FROM recorded_span
       WHERE camera_id = $camera_id AND start_ms < $to_ms AND end_ms > $from_ms
         AND start_ms >= ifnull((SELECT max(start_ms) FROM recorded_span
                                 WHERE camera_id = $camera_id AND start_ms <= $from_ms), $from_ms)
       ORDER BY start_ms`,
    );
    this.#first = database.prepare(
      'SELECT min(start_ms) AS start_ms FROM recorded_span WHERE camera_id = $camera_id',
    );
    this.#segments = database.prepare(selectOverlapping('start_ms, end_ms, fragments', 'segment'));
    this.#put = database.prepare(
      `INSERT INTO recorded_span (camera_id, start_ms, end_ms) VALUES ($camera_id, $start_ms, $end_ms)
       ON CONFLICT (camera_id, start_ms) DO UPDATE SET end_ms = excluded.end_ms`,
    );
    this.#delete = database.prepare(
      'DELETE FROM recorded_span WHERE camera_id = $camera_id AND start_ms = $start_ms',
    );
  }

  /** Whole spans that overlap the interval, in order. */
  overlapping(cameraId: number, { startMs, endMs }: Interval): readonly Interval[] {
    return this.#overlapping
      .all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs })
      .map((row) => ({ startMs: row.start_ms, endMs: row.end_ms }));
  }

  /** Where the oldest footage begins; undefined without any. */
  firstStartMs(cameraId: number): number | undefined {
    return this.#first.get({ camera_id: cameraId })?.start_ms ?? undefined;
  }

  /** A segment covers this now. @param added not empty. */
  add(cameraId: number, added: Interval): void {
    const touching = this.overlapping(cameraId, reachOf(added));
    const startMs = Math.min(added.startMs, ...touching.map((span) => span.startMs));
    const endMs = Math.max(added.endMs, ...touching.map((span) => span.endMs));
    for (const span of touching) if (span.startMs !== startMs) this.#remove(cameraId, span);
    this.#put.run({ camera_id: cameraId, start_ms: startMs, end_ms: endMs });
  }

  /**
   * A segment no longer covers this, of what it covered: its row is deleted, or covers something else, which is added
   * afterwards.
   *
   * It lay within one span. What began before it reaches it from the span's start without a break, for each part of
   * that touched those before; and if what is left reaches its end, all that followed still follows.
   *
   * @param removed not empty.
   * @returns what of it no segment covers now.
   */
  remove(cameraId: number, removed: Interval): readonly Interval[] {
    const [span] = this.overlapping(cameraId, removed);
    if (span === undefined) return [];
    const pieces = this.#covered(cameraId, reachOf(removed));
    this.#remove(cameraId, span);
    for (const [place, piece] of pieces.entries()) {
      const isFirst = place === 0 && piece.startMs < removed.startMs;
      const isLast = place === pieces.length - 1 && piece.endMs >= removed.endMs;
      this.#put.run({
        camera_id: cameraId,
        start_ms: isFirst ? span.startMs : piece.startMs,
        end_ms: isLast ? span.endMs : piece.endMs,
      });
    }
    return subtract(removed, pieces);
  }

  #covered(cameraId: number, reach: Interval): readonly Interval[] {
    const covered = this.#segments
      .all({ camera_id: cameraId, from_ms: reach.startMs, to_ms: reach.endMs })
      .flatMap(recordedIntervals)
      .filter((interval) => overlap(interval, reach));
    return joinTouching(covered.toSorted((a, b) => a.startMs - b.startMs));
  }

  #remove(cameraId: number, { startMs }: Interval): void {
    this.#delete.run({ camera_id: cameraId, start_ms: startMs });
  }
}
