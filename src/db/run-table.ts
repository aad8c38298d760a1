import type { WallMs } from '../base/time.ts';
import type { Database, Statement } from './database.ts';
import type { Interval } from './intervals.ts';
import type { RunRecord } from './records.ts';

interface RunRow {
  readonly start_ms: number;
  readonly end_ms: number | null;
  readonly end_kind: string | null;
  readonly end_message: string | null;
}

/** The unbroken sessions with a camera. One whose end nobody knows lasts until the camera's next one at most. */
export class RunTable {
  readonly #put: Statement<never>;
  readonly #overlapping: Statement<RunRow>;

  constructor(database: Database) {
    this.#put = database.prepare(
      `INSERT INTO run (camera_id, start_ms, end_ms, end_kind, end_message)
       VALUES ($camera_id, $start_ms, $end_ms, $end_kind, $end_message)
       ON CONFLICT (camera_id, start_ms) DO UPDATE SET
         end_ms = excluded.end_ms, end_kind = excluded.end_kind, end_message = excluded.end_message`,
    );
    // A camera has one run at a time, so of those that began before, the last one alone can reach into the extent.
    this.#overlapping = database.prepare(
      `SELECT start_ms, end_ms, end_kind, end_message FROM run
       WHERE camera_id = $camera_id AND start_ms < $to_ms
         AND (start_ms >= $from_ms OR end_ms IS NULL OR end_ms > $from_ms)
         AND start_ms >= ifnull((SELECT max(start_ms) FROM run
                                 WHERE camera_id = $camera_id AND start_ms < $from_ms), $from_ms)
       ORDER BY start_ms`,
    );
  }

  put(cameraId: number, run: RunRecord): void {
    this.#put.run({
      camera_id: cameraId,
      start_ms: Math.round(run.startWallMs),
      end_ms: run.endWallMs === undefined ? null : Math.round(run.endWallMs),
      end_kind: run.endKind ?? null,
      end_message: run.endMessage ?? null,
    });
  }

  overlapping(cameraId: number, camera: string, { startMs, endMs }: Interval): readonly RunRecord[] {
    const rows = this.#overlapping.all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
    return rows.map((row) => ({
      camera,
      startWallMs: row.start_ms as WallMs,
      endWallMs: (row.end_ms ?? undefined) as WallMs | undefined,
      endKind: row.end_kind ?? undefined,
      endMessage: row.end_message ?? undefined,
    }));
  }
}
