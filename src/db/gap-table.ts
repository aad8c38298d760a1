import type { WallMs } from '../base/time.ts';
import type { Database, Statement } from './database.ts';
import { reachOf, type Interval } from './intervals.ts';
import { lengthClass, selectOverlapping } from './length-class.ts';
import type { GapCause, GapRecord } from './records.ts';

interface GapRow {
  readonly start_ms: number;
  readonly end_ms: number;
  readonly cause: GapCause;
  readonly detail: string;
}

/** The ledger: stretches of a camera's time without a recording. */
export class GapTable {
  readonly #put: Statement<never>;
  readonly #delete: Statement<never>;
  readonly #overlapping: Statement<GapRow>;

  constructor(database: Database) {
    this.#put = database.prepare(
      `INSERT INTO gap (camera_id, start_ms, end_ms, length_class, cause, detail)
       VALUES ($camera_id, $start_ms, $end_ms, $length_class, $cause, $detail)
       ON CONFLICT (camera_id, start_ms) DO UPDATE SET
         end_ms = excluded.end_ms, length_class = excluded.length_class, cause = excluded.cause,
         detail = excluded.detail`,
    );
    this.#delete = database.prepare('DELETE FROM gap WHERE camera_id = $camera_id AND start_ms = $start_ms');
    this.#overlapping = database.prepare(
      `${selectOverlapping('start_ms, end_ms, cause, detail', 'gap')} ORDER BY start_ms`,
    );
  }

  put(cameraId: number, { startWallMs, endWallMs, cause, detail }: Omit<GapRecord, 'camera'>): void {
    const startMs = Math.round(startWallMs);
    const endMs = Math.round(endWallMs);
    this.#put.run({
      camera_id: cameraId,
      start_ms: startMs,
      end_ms: endMs,
      length_class: lengthClass(startMs, endMs),
      cause,
      detail,
    });
  }

  withdraw(cameraId: number, startWallMs: WallMs): void {
    this.#delete.run({ camera_id: cameraId, start_ms: Math.round(startWallMs) });
  }

  /** What was recorded is no more. Gaps of one cause that touch become one, or retention would leave one a segment. */
  addJoined(cameraId: number, gone: Interval, cause: GapCause): void {
    const touching = this.#rows(cameraId, reachOf(gone)).filter((row) => row.cause === cause);
    for (const { start_ms } of touching) this.#delete.run({ camera_id: cameraId, start_ms });
    this.put(cameraId, {
      startWallMs: Math.min(gone.startMs, ...touching.map((row) => row.start_ms)) as WallMs,
      endWallMs: Math.max(gone.endMs, ...touching.map((row) => row.end_ms)) as WallMs,
      cause,
      detail: '',
    });
  }

  overlapping(cameraId: number, camera: string, extent: Interval): readonly GapRecord[] {
    return this.#rows(cameraId, extent).map((row) => ({
      camera,
      startWallMs: row.start_ms as WallMs,
      endWallMs: row.end_ms as WallMs,
      cause: row.cause,
      detail: row.detail,
    }));
  }

  #rows(cameraId: number, { startMs, endMs }: Interval): readonly GapRow[] {
    return this.#overlapping.all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
  }
}
