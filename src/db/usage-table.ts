import type { WallMs } from '../base/time.ts';
import type { RecordedHour, Usage } from './archive-index.ts';
import type { Database, Statement } from './database.ts';
import type { Interval } from './intervals.ts';
import { kindOf } from './segment-columns.ts';

/** What a segment adds to the sums, and to which, as the columns have it. */
export interface Share extends Interval {
  readonly cameraId: number;
  readonly volumeId: number;
  readonly kind: number;
  readonly holds: number;
  readonly sizeBytes: number;
}

interface UsageRow {
  readonly camera: string;
  readonly volume: string;
  readonly kind: number;
  readonly holds_event: number;
  readonly segments: number;
  readonly size_bytes: number;
  readonly recorded_ms: number;
  readonly oldest_ms: number;
  readonly newest_ms: number;
}

interface HourRow {
  readonly volume: string;
  readonly holds_event: number;
  readonly start_ms: number;
  readonly size_bytes: number;
}

const HOUR_MS = 3_600_000;

/** Sums over segments, kept with each change so that nobody has to add up a million. */
export class UsageTable {
  readonly #add: Statement<never>;
  readonly #deleteEmpty: Statement<never>;
  readonly #all: Statement<UsageRow>;
  readonly #addToHour: Statement<never>;
  readonly #deleteEmptyHour: Statement<never>;
  readonly #hours: Statement<HourRow>;

  constructor(database: Database) {
    this.#add = database.prepare(
      `INSERT INTO usage (camera_id, volume_id, kind, holds, segments, size_bytes, recorded_ms)
       VALUES ($camera_id, $volume_id, $kind, $holds, $segments, $size_bytes, $recorded_ms)
       ON CONFLICT (camera_id, volume_id, kind, holds) DO UPDATE SET
         segments = segments + excluded.segments,
         size_bytes = size_bytes + excluded.size_bytes,
         recorded_ms = recorded_ms + excluded.recorded_ms`,
    );
    this.#deleteEmpty = database.prepare(
      `DELETE FROM usage
       WHERE camera_id = $camera_id AND volume_id = $volume_id AND kind = $kind AND holds = $holds AND segments = 0`,
    );
    const ofGroup = (column: string, order: string) =>
      `(SELECT ${column} FROM segment INDEXED BY segment_by_age
        WHERE camera_id = usage.camera_id AND volume_id = usage.volume_id AND kind = usage.kind AND holds = usage.holds
        ORDER BY start_ms ${order}, end_ms ${order} LIMIT 1)`;
    this.#all = database.prepare(
      `SELECT camera.name AS camera, volume.identity AS volume, kind, holds > 0 AS holds_event,
         sum(segments) AS segments, sum(size_bytes) AS size_bytes, sum(recorded_ms) AS recorded_ms,
         min(${ofGroup('start_ms', 'ASC')}) AS oldest_ms, max(${ofGroup('end_ms', 'DESC')}) AS newest_ms
       FROM usage JOIN camera ON camera.id = camera_id JOIN volume ON volume.id = volume_id
       GROUP BY camera.name, volume.identity, kind, holds_event
       ORDER BY camera.name, volume.identity, kind, holds_event`,
    );
    this.#addToHour = database.prepare(
      `INSERT INTO recorded_hour (camera_id, start_ms, volume_id, holds_event, segments, size_bytes)
       VALUES ($camera_id, $start_ms, $volume_id, $holds_event, $segments, $size_bytes)
       ON CONFLICT (camera_id, start_ms, volume_id, holds_event) DO UPDATE SET
         segments = segments + excluded.segments, size_bytes = size_bytes + excluded.size_bytes`,
    );
    this.#deleteEmptyHour = database.prepare(
      `DELETE FROM recorded_hour
       WHERE camera_id = $camera_id AND start_ms = $start_ms AND volume_id = $volume_id
         AND holds_event = $holds_event AND segments = 0`,
    );
    this.#hours = database.prepare(
      `SELECT identity AS volume, holds_event, start_ms, size_bytes
       FROM recorded_hour LEFT JOIN volume ON volume.id = volume_id
       WHERE camera_id = $camera_id AND start_ms > $from_ms - ${HOUR_MS} AND start_ms < $to_ms
       ORDER BY start_ms, volume, holds_event`,
    );
  }

  add(share: Share): void {
    this.#change(share, 1);
  }

  remove(share: Share): void {
    this.#change(share, -1);
    const { cameraId, volumeId, kind, holds } = share;
    this.#deleteEmpty.run({ camera_id: cameraId, volume_id: volumeId, kind, holds });
    this.#deleteEmptyHour.run(hourKey(share));
  }

  all(): readonly Usage[] {
    return this.#all.all().map((row) => ({
      camera: row.camera,
      volume: row.volume,
      kind: kindOf(row.kind),
      holdsEvent: row.holds_event === 1,
      segments: row.segments,
      sizeBytes: row.size_bytes,
      recordedMs: row.recorded_ms,
      oldestWallMs: row.oldest_ms as WallMs,
      newestWallMs: row.newest_ms as WallMs,
    }));
  }

  hours(cameraId: number, camera: string, { startMs, endMs }: Interval): readonly RecordedHour[] {
    const rows = this.#hours.all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
    return rows.map((row) => ({
      camera,
      volume: row.volume,
      holdsEvent: row.holds_event === 1,
      startWallMs: row.start_ms as WallMs,
      sizeBytes: row.size_bytes,
    }));
  }

  #change(share: Share, sign: 1 | -1): void {
    const { cameraId, volumeId, kind, holds, sizeBytes, startMs, endMs } = share;
    this.#add.run({
      camera_id: cameraId,
      volume_id: volumeId,
      kind,
      holds,
      segments: sign,
      size_bytes: sign * sizeBytes,
      recorded_ms: sign * (endMs - startMs),
    });
    this.#addToHour.run({ ...hourKey(share), segments: sign, size_bytes: sign * sizeBytes });
  }
}

function hourKey({ cameraId, volumeId, holds, startMs }: Share) {
  return {
    camera_id: cameraId,
    start_ms: Math.floor(startMs / HOUR_MS) * HOUR_MS,
    volume_id: volumeId,
    holds_event: holds > 0 ? 1 : 0,
  };
}
