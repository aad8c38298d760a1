import type { WallMs } from '../base/time.ts';
import type { EventPageQuery, EventSummary, TimelineEvent } from './archive-index.ts';
import type { Database, Statement } from './database.ts';
import { HOLDS_NOTHING } from './segment-columns.ts';
import type { Interval } from './intervals.ts';
import { LabelTable } from './label-table.ts';
import { lengthClass, selectOverlapping } from './length-class.ts';
import type { EventRecord } from './records.ts';

/** Where an event lies, and whether it is kept. */
interface Stored extends Interval {
  readonly isKept: boolean;
}

interface StoredRow {
  readonly from_ms: number;
  readonly until_ms: number;
  readonly is_kept: number;
}

/** The column `summary`: from, until, trigger, whether it is kept, label, peak score. */
type Summary = readonly [number, number, number, number, number, number | null];

interface SummaryRow {
  readonly trigger_ms: number;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly label_id: number;
  readonly peak_score: number | null;
  readonly is_kept: number;
  readonly is_open: number;
}

interface EventRow extends SummaryRow {
  readonly score: number | null;
  readonly detail: string;
  readonly thumbnail: Uint8Array | null;
}

/** Spans of interest. */
export class EventTable {
  readonly #find: Statement<StoredRow>;
  readonly #put: Statement<never>;
  readonly #putDetail: Statement<never>;
  readonly #keep: Statement<never>;
  readonly #delete: readonly Statement<never>[];
  readonly #page: Statement<SummaryRow>;
  readonly #holds: Statement<{ readonly holds: number | null }>;
  readonly #labels: LabelTable;
  readonly #timeline: Statement<{ readonly summaries: string | null }>;
  readonly #overlapping: Statement<EventRow>;

  constructor(database: Database) {
    this.#labels = new LabelTable(database);
    this.#find = database.prepare(
      `SELECT from_ms, until_ms, is_kept FROM event
       WHERE camera_id = $camera_id AND trigger_ms = $trigger_ms`,
    );
    this.#put = database.prepare(
      `INSERT INTO event (camera_id, trigger_ms, from_ms, until_ms, length_class, is_open, label_id, score, peak_score, is_kept)
       VALUES ($camera_id, $trigger_ms, $from_ms, $until_ms, $length_class, $is_open, $label_id, $score, $peak_score, $is_kept)
       ON CONFLICT (camera_id, trigger_ms) DO UPDATE SET
         from_ms = excluded.from_ms, until_ms = excluded.until_ms, length_class = excluded.length_class,
         is_open = excluded.is_open, label_id = excluded.label_id, score = excluded.score,
         peak_score = excluded.peak_score, is_kept = max(is_kept, excluded.is_kept)`,
    );
    this.#putDetail = database.prepare(
      `INSERT INTO event_detail (camera_id, trigger_ms, detail, thumbnail)
       VALUES ($camera_id, $trigger_ms, $detail, $thumbnail)
       ON CONFLICT (camera_id, trigger_ms) DO UPDATE SET
         detail = excluded.detail, thumbnail = ifnull(excluded.thumbnail, thumbnail)`,
    );
    this.#keep = database.prepare(
      'UPDATE event SET is_kept = $is_kept WHERE camera_id = $camera_id AND trigger_ms = $trigger_ms',
    );
    this.#delete = ['event_detail', 'event'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE camera_id = $camera_id AND trigger_ms = $trigger_ms`),
    );
    this.#page = database.prepare(
      `SELECT trigger_ms, from_ms, until_ms, label_id, peak_score, is_kept, is_open FROM event
       WHERE camera_id = $camera_id AND trigger_ms >= $from_ms AND trigger_ms < $to_ms
         AND ($is_kept IS NULL OR is_kept = $is_kept)
         AND ($labels IS NULL OR label_id IN (SELECT value FROM json_each($labels)))
       ORDER BY trigger_ms DESC LIMIT $limit`,
    );
    this.#holds = database.prepare(
      `${selectOverlapping('max(1 + is_kept) AS holds', 'event', ['from_ms', 'until_ms'])} AND until_ms > $from_ms`,
    );
    const times: readonly [string, string] = ['from_ms', 'until_ms'];
    const order = 'ORDER BY from_ms, trigger_ms';
    this.#timeline = database.prepare(
      `SELECT group_concat(summary) AS summaries FROM (${selectOverlapping('summary', 'event', times)} ${order})`,
    );
    const detailOf = (column: string) =>
      `(SELECT ${column} FROM event_detail
        WHERE camera_id = event.camera_id AND trigger_ms = event.trigger_ms) AS ${column}`;
    const whole = `trigger_ms, from_ms, until_ms, label_id, peak_score, is_kept, is_open, score,
      ${detailOf('detail')}, ${detailOf('thumbnail')}`;
    this.#overlapping = database.prepare(`${selectOverlapping(whole, 'event', times)} ${order}`);
  }

  /** @returns where segments may hold more or less of events than before. */
  put(cameraId: number, event: EventRecord): readonly Interval[] {
    const key = { camera_id: cameraId, trigger_ms: Math.round(event.triggerWallMs) };
    const before = this.#stored(key);
    const fromMs = Math.round(event.fromWallMs);
    const untilMs = Math.round(event.untilWallMs);
    this.#put.run({
      ...key,
      from_ms: fromMs,
      until_ms: untilMs,
      length_class: lengthClass(fromMs, untilMs),
      is_open: event.isOpen ? 1 : 0,
      label_id: this.#labels.labelId(event),
      score: finite(event.score),
      peak_score: finite(event.peakScore),
      is_kept: event.isKept ? 1 : 0,
    });
    this.#putDetail.run({
      ...key,
      detail: JSON.stringify(event.detail),
      thumbnail: event.thumbnail ?? null,
    });
    return difference(before, this.#stored(key));
  }

  /** Does nothing to an event that there is not. @returns as `put`. */
  keep(cameraId: number, triggerWallMs: WallMs, isKept: boolean): readonly Interval[] {
    const key = { camera_id: cameraId, trigger_ms: Math.round(triggerWallMs) };
    const before = this.#stored(key);
    this.#keep.run({ ...key, is_kept: isKept ? 1 : 0 });
    return difference(before, this.#stored(key));
  }

  /** Does nothing where there is none. @returns as `put`. */
  delete(cameraId: number, triggerWallMs: WallMs): readonly Interval[] {
    const key = { camera_id: cameraId, trigger_ms: Math.round(triggerWallMs) };
    const before = this.#stored(key);
    for (const statement of this.#delete) statement.run(key);
    return difference(before, undefined);
  }

  /** One camera's part of a page: its newest `limit`. */
  page(cameraId: number, camera: string, query: Omit<EventPageQuery, 'cameras'>): readonly EventSummary[] {
    const { fromWallMs, toWallMs, after, cause, zone, isKept, limit } = query;
    const hasLabel = cause !== undefined || zone !== undefined;
    const labels = hasLabel ? JSON.stringify(this.#labels.withBoth(cause ?? null, zone ?? null)) : null;
    // Of the same moment those of later names follow.
    const beforeMs = after === undefined ? toWallMs : after.triggerWallMs + (camera > after.camera ? 1 : 0);
    const rows = this.#page.all({
      camera_id: cameraId,
      from_ms: Math.round(fromWallMs),
      to_ms: Math.min(Math.round(toWallMs), Math.round(beforeMs)),
      is_kept: isKept === undefined ? null : Number(isKept),
      labels,
      limit,
    });
    return rows.map((row) => ({
      camera,
      startWallMs: row.from_ms as WallMs,
      endWallMs: row.until_ms as WallMs,
      triggerWallMs: row.trigger_ms as WallMs,
      isOpen: row.is_open === 1,
      ...this.#labels.get(row.label_id),
      peakScore: row.peak_score ?? undefined,
      isKept: row.is_kept === 1,
    }));
  }

  /** How much of events a segment there holds, as its column has it. */
  holds(cameraId: number, { startMs, endMs }: Interval): number {
    const row = this.#holds.get({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
    return row?.holds ?? HOLDS_NOTHING;
  }

  #stored(key: { readonly camera_id: number; readonly trigger_ms: number }): Stored | undefined {
    const row = this.#find.get(key);
    return row && { startMs: row.from_ms, endMs: row.until_ms, isKept: row.is_kept === 1 };
  }

  timeline(cameraId: number, { startMs, endMs }: Interval): readonly TimelineEvent[] {
    const found = this.#timeline.get({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
    // As the generated column puts it together.
    const summaries = JSON.parse(`[${found?.summaries ?? ''}]`) as readonly Summary[];
    return summaries.map(([fromMs, untilMs, triggerMs, isKept, labelId, peakScore]) => {
      const { causes, zones } = this.#labels.get(labelId);
      return {
        startWallMs: fromMs as WallMs,
        endWallMs: untilMs as WallMs,
        triggerWallMs: triggerMs as WallMs,
        causes,
        zones,
        peakScore: peakScore ?? undefined,
        isKept: isKept === 1,
      };
    });
  }

  overlapping(cameraId: number, camera: string, { startMs, endMs }: Interval): readonly EventRecord[] {
    const rows = this.#overlapping.all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
    return rows.map((row) => ({
      camera,
      triggerWallMs: row.trigger_ms as WallMs,
      fromWallMs: row.from_ms as WallMs,
      untilWallMs: row.until_ms as WallMs,
      isOpen: row.is_open === 1,
      ...this.#labels.get(row.label_id),
      score: row.score ?? undefined,
      peakScore: row.peak_score ?? undefined,
      isKept: row.is_kept === 1,
      detail: JSON.parse(row.detail) as EventRecord['detail'],
      thumbnail: row.thumbnail ?? undefined,
    }));
  }
}

/** An open event grows all the time: what it holds already need not be looked at again. */
function difference(before: Stored | undefined, after: Stored | undefined): readonly Interval[] {
  if (before === undefined || after === undefined) return [before, after].filter((one) => one !== undefined);
  if (before.isKept !== after.isKept) return [before, after];
  return [between(before.startMs, after.startMs), between(before.endMs, after.endMs)].filter(
    ({ startMs, endMs }) => startMs < endMs,
  );
}

function between(oneMs: number, otherMs: number): Interval {
  return { startMs: Math.min(oneMs, otherMs), endMs: Math.max(oneMs, otherMs) };
}

/** JSON has no other numbers. */
function finite(score: number | undefined): number | null {
  return Number.isFinite(score) ? (score ?? null) : null;
}
