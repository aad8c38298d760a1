import { wallMs, type WallMs } from '../base/time.ts';
import type { Database, Statement } from './database.ts';
import type { Interval } from './intervals.ts';
import { MOTION_SLOT_MS, type MotionRecord } from './records.ts';

const HOUR_MS = 3_600_000;
const HOUR_SLOTS = HOUR_MS / MOTION_SLOT_MS;

interface HourRow {
  readonly start_ms: number;
  readonly intensity: Uint8Array;
}

/** How much moved, a byte a slot, a row an hour. */
export class MotionTable {
  readonly #get: Statement<Pick<HourRow, 'intensity'>>;
  readonly #put: Statement<never>;
  readonly #overlapping: Statement<HourRow>;
  readonly #forget: Statement<never>;

  constructor(database: Database) {
    this.#get = database.prepare(
      'SELECT intensity FROM motion WHERE camera_id = $camera_id AND start_ms = $start_ms',
    );
    this.#put = database.prepare(
      `INSERT INTO motion (camera_id, start_ms, intensity) VALUES ($camera_id, $start_ms, $intensity)
       ON CONFLICT (camera_id, start_ms) DO UPDATE SET intensity = excluded.intensity`,
    );
    this.#overlapping = database.prepare(
      `SELECT start_ms, intensity FROM motion
       WHERE camera_id = $camera_id AND start_ms > $from_ms - ${HOUR_MS} AND start_ms < $to_ms
       ORDER BY start_ms`,
    );
    this.#forget = database.prepare(
      `DELETE FROM motion WHERE camera_id = $camera_id AND start_ms <= $before_ms - ${HOUR_MS}`,
    );
  }

  /** Of what is told twice of a slot, the more counts. */
  put(cameraId: number, { startWallMs, intensity }: MotionRecord): void {
    let startMs = slotOf(startWallMs);
    for (let at = 0; at < intensity.length;) {
      const hourMs = startMs - (startMs % HOUR_MS);
      const first = (startMs - hourMs) / MOTION_SLOT_MS;
      const part = intensity.subarray(at, at + HOUR_SLOTS - first);
      this.#putHour(cameraId, hourMs, first, part);
      at += part.length;
      startMs = hourMs + HOUR_MS;
    }
  }

  /**
   * What is known of the interval, in slots of `slotMs`, the strongest of each.
   * @param slotMs a multiple of `MOTION_SLOT_MS`.
   */
  overlapping(
    cameraId: number,
    camera: string,
    { startMs, endMs }: Interval,
    slotMs: number,
  ): readonly MotionRecord[] {
    const rows = this.#overlapping.all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
    const known = { startMs: rows[0]?.start_ms ?? endMs, endMs: (rows.at(-1)?.start_ms ?? 0) + HOUR_MS };
    const firstMs = Math.max(startMs, known.startMs);
    const fromMs = firstMs - (firstMs % slotMs);
    const slots = Math.ceil((Math.min(endMs, known.endMs) - fromMs) / slotMs);
    if (slots <= 0) return [];
    const intensity = new Uint8Array(slots);
    for (const row of rows) {
      for (const [place, value] of row.intensity.entries()) {
        const slot = Math.floor((row.start_ms + place * MOTION_SLOT_MS - fromMs) / slotMs);
        if (slot >= 0 && slot < slots && value > (intensity[slot] ?? 0)) intensity[slot] = value;
      }
    }
    return intensity.some((value) => value > 0) ? [{ camera, startWallMs: wallMs(fromMs), intensity }] : [];
  }

  /** Takes out whole hours before a moment. */
  forgetBefore(cameraId: number, beforeMs: number): void {
    this.#forget.run({ camera_id: cameraId, before_ms: beforeMs });
  }

  #putHour(cameraId: number, hourMs: number, first: number, part: Uint8Array): void {
    const before = this.#get.get({ camera_id: cameraId, start_ms: hourMs })?.intensity;
    const hour = new Uint8Array(HOUR_SLOTS);
    if (before !== undefined) hour.set(before.subarray(0, HOUR_SLOTS));
    for (const [place, value] of part.entries()) {
      hour[first + place] = Math.max(hour[first + place] ?? 0, value);
    }
    this.#put.run({ camera_id: cameraId, start_ms: hourMs, intensity: hour });
  }
}

function slotOf(moment: WallMs): number {
  return Math.floor(moment / MOTION_SLOT_MS) * MOTION_SLOT_MS;
}
