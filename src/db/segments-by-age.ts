import type { WallMs } from '../base/time.ts';
import type { SegmentPlace, SegmentSummary } from './archive-index.ts';
import type { Database, Statement } from './database.ts';
import type { SegmentKind } from './records.ts';
import { HOLDS_EVENT, HOLDS_KEPT_EVENT, HOLDS_NOTHING, kindNumber, kindOf } from './segment-columns.ts';

interface SummaryRow {
  readonly volume: string;
  readonly path: string;
  readonly camera: string;
  readonly kind: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly size_bytes: number;
  readonly is_open: number;
  readonly holds: number;
}

/** A row of `usage`: segments are in an order of age by groups. */
interface GroupRow {
  readonly camera_id: number;
  readonly volume_id: number;
  readonly kind: number;
  readonly holds: number;
}

/** As of `ArchiveIndex.oldestSegments`. */
export interface OldestQuery {
  readonly cameraId?: number;
  readonly volumeId?: number;
  readonly kind?: SegmentKind;
  readonly holdsEvent?: boolean;
  readonly isKept?: boolean;
  readonly beforeWallMs?: WallMs;
  readonly after?: SegmentPlace;
  readonly limit: number;
}

/** Segments as retention asks for them: the oldest first. */
export class SegmentsByAge {
  readonly #groups: Statement<GroupRow>;
  readonly #oldest: Statement<SummaryRow>;

  constructor(database: Database) {
    this.#groups = database.prepare(
      `SELECT camera_id, volume_id, kind, holds FROM usage
       WHERE ($camera_id IS NULL OR camera_id = $camera_id) AND ($volume_id IS NULL OR volume_id = $volume_id)
         AND ($kind IS NULL OR kind = $kind) AND holds BETWEEN $least_holds AND $most_holds`,
    );
    this.#oldest = database.prepare(
      `SELECT volume.identity AS volume, segment.path AS path, camera.name AS camera, kind, start_ms, end_ms,
         size_bytes, is_open, holds
       FROM segment INDEXED BY segment_by_age
         LEFT JOIN volume ON volume.id = volume_id LEFT JOIN camera ON camera.id = segment.camera_id
       WHERE segment.camera_id = $camera_id AND volume_id = $volume_id AND kind = $kind AND holds = $holds
         AND start_ms BETWEEN $after_ms AND $until_ms AND end_ms < $before_ms
         AND (start_ms > $after_ms OR volume.identity > $after_volume
              OR (volume.identity = $after_volume AND segment.path > $after_path))
       ORDER BY start_ms, segment.path LIMIT $limit`,
    );
  }

  /** In order of their starts. */
  oldest({ cameraId, volumeId, kind, holdsEvent, isKept, ...query }: OldestQuery): readonly SegmentSummary[] {
    const groups = this.#groups.all({
      camera_id: cameraId ?? null,
      volume_id: volumeId ?? null,
      kind: kind === undefined ? null : kindNumber(kind),
      ...holdsBetween(holdsEvent, isKept),
    });
    const { beforeWallMs, after, limit } = query;
    const before_ms = Math.round(beforeWallMs ?? Number.MAX_SAFE_INTEGER);
    const bounds = {
      before_ms,
      after_ms: Math.round(after?.startWallMs ?? Number.MIN_SAFE_INTEGER),
      after_volume: after?.volume ?? '',
      after_path: after?.path ?? '',
      limit,
    };
    let found: readonly SummaryRow[] = [];
    for (const group of groups) {
      // Only what is as old as the youngest found yet, where there are enough.
      const until_ms = found[limit - 1]?.start_ms ?? before_ms;
      const more = this.#oldest.all({ ...group, ...bounds, until_ms });
      found = [...found, ...more].toSorted(byAge).slice(0, limit);
    }
    return found.map(summaryOf);
  }
}

/** The bounds of the column `holds`. */
function holdsBetween(holdsEvent: boolean | undefined, isKept: boolean | undefined) {
  const fromEvent = holdsEvent === true ? HOLDS_EVENT : HOLDS_NOTHING;
  const toEvent = isKept === false ? HOLDS_EVENT : HOLDS_KEPT_EVENT;
  return {
    least_holds: isKept === true ? HOLDS_KEPT_EVENT : fromEvent,
    most_holds: holdsEvent === false ? HOLDS_NOTHING : toEvent,
  };
}

function byAge(a: SummaryRow, b: SummaryRow): number {
  if (a.start_ms !== b.start_ms) return a.start_ms - b.start_ms;
  if (a.volume !== b.volume) return a.volume < b.volume ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

function summaryOf(row: SummaryRow): SegmentSummary {
  return {
    volume: row.volume,
    path: row.path,
    camera: row.camera,
    kind: kindOf(row.kind),
    sizeBytes: row.size_bytes,
    startWallMs: row.start_ms as WallMs,
    endWallMs: row.end_ms as WallMs,
    isOpen: row.is_open === 1,
    holdsEvent: row.holds !== HOLDS_NOTHING,
    isKept: row.holds === HOLDS_KEPT_EVENT,
  };
}
