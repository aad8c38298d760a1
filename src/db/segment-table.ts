import type { WallMs } from '../base/time.ts';
import type { Database, Statement } from './database.ts';
import { formatOf, FormatTable, type FormatRow } from './format-table.ts';
import type { Interval } from './intervals.ts';
import { lengthClass, selectOverlapping } from './length-class.ts';
import { packFragments, unpackFragments } from './packed-fragments.ts';
import { recordedIntervals } from './recorded-intervals.ts';
import type { SegmentRecord } from './records.ts';
import { HOLDS_NOTHING, kindNumber, kindOf } from './segment-columns.ts';
import type { Share } from './usage-table.ts';

/** What a segment's row means for what is derived from it. */
export interface StoredSegment extends Share {
  readonly id: number;
  readonly isOpen: boolean;
  /** What it covers. */
  readonly recorded: readonly Interval[];
}

interface StoredRow {
  readonly id: number;
  readonly camera_id: number;
  readonly volume_id: number;
  readonly kind: number;
  readonly holds: number;
  readonly size_bytes: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly is_open: number;
  readonly fragments: Uint8Array;
}

interface SegmentRow extends FormatRow {
  readonly volume: string;
  readonly path: string;
  readonly camera: string;
  readonly kind: number;
  readonly run_start_ms: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly size_bytes: number;
  readonly is_open: number;
  readonly ended_by: string | null;
  readonly fragments: Uint8Array;
}

const WHOLE = `volume.identity AS volume, segment.path AS path, camera.name AS camera, kind, run_start_ms, start_ms, end_ms,
  size_bytes, is_open, ended_by, fragments, video_codec, width_px, height_px, audio_codec, sample_rate_hz, channels`;
/** Each by its key: outer joins, so that the segments are found first. */
const JOINED = `LEFT JOIN volume ON volume.id = volume_id LEFT JOIN camera ON camera.id = segment.camera_id
  LEFT JOIN format ON format.id = format_id`;

/** The files of the archive. */
export class SegmentTable {
  readonly #formats: FormatTable;
  readonly #find: Statement<StoredRow>;
  readonly #overlappingStored: Statement<StoredRow>;
  readonly #putHolds: Statement<never>;
  readonly #put: Statement<never>;
  readonly #delete: Statement<never>;
  readonly #move: Statement<never>;
  readonly #get: Statement<SegmentRow>;
  readonly #overlapping: Statement<SegmentRow>;
  readonly #byPath: Statement<SegmentRow>;
  readonly #pathsAfter: Statement<{ readonly path: string }>;
  readonly #open: Statement<SegmentRow>;

  constructor(database: Database) {
    this.#formats = new FormatTable(database);
    const stored = `segment.id, camera_id, volume_id, kind, holds, size_bytes, start_ms, end_ms, is_open, fragments`;
    this.#find = database.prepare(
      `SELECT ${stored} FROM segment WHERE volume_id = $volume_id AND path = $path`,
    );
    this.#overlappingStored = database.prepare(selectOverlapping(stored, 'segment'));
    this.#putHolds = database.prepare('UPDATE segment SET holds = $holds WHERE id = $id');
    this.#put = database.prepare(
      `INSERT INTO segment (volume_id, path, camera_id, format_id, kind, run_start_ms, start_ms, end_ms,
         length_class, size_bytes, holds, is_open, ended_by, fragments)
       VALUES ($volume_id, $path, $camera_id, $format_id, $kind, $run_start_ms, $start_ms, $end_ms,
         $length_class, $size_bytes, ${HOLDS_NOTHING}, $is_open, $ended_by, $fragments)
       ON CONFLICT (volume_id, path) DO UPDATE SET
         camera_id = excluded.camera_id, format_id = excluded.format_id, kind = excluded.kind,
         run_start_ms = excluded.run_start_ms, start_ms = excluded.start_ms, end_ms = excluded.end_ms,
         length_class = excluded.length_class, size_bytes = excluded.size_bytes, is_open = excluded.is_open,
         ended_by = excluded.ended_by, fragments = excluded.fragments`,
    );
    this.#delete = database.prepare('DELETE FROM segment WHERE id = $id');
    this.#move = database.prepare('UPDATE segment SET volume_id = $volume_id, path = $path WHERE id = $id');
    this.#get = database.prepare(
      `SELECT ${WHOLE} FROM segment ${JOINED} WHERE volume_id = $volume_id AND segment.path = $path`,
    );
    this.#overlapping = database.prepare(
      `SELECT ${WHOLE} FROM (${selectOverlapping('segment.*', 'segment')}) AS segment ${JOINED}
       ORDER BY start_ms, volume, segment.path`,
    );
    this.#pathsAfter = database.prepare(
      'SELECT path FROM segment WHERE volume_id = $volume_id AND path > $after ORDER BY path LIMIT $limit',
    );
    this.#byPath = database.prepare(
      `SELECT ${WHOLE} FROM segment ${JOINED} WHERE volume_id = $volume_id AND segment.path > $after
       ORDER BY segment.path LIMIT $limit`,
    );
    this.#open = database.prepare(
      `SELECT ${WHOLE} FROM segment ${JOINED} WHERE is_open = 1 ORDER BY volume, segment.path`,
    );
  }

  find(volumeId: number, path: string): StoredSegment | undefined {
    const row = this.#find.get({ volume_id: volumeId, path });
    return row && storedOf(row);
  }

  /** Those of a camera that overlap the interval. */
  stored(cameraId: number, { startMs, endMs }: Interval): readonly StoredSegment[] {
    return this.#overlappingStored.all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs }).map(storedOf);
  }

  putHolds({ id }: StoredSegment, holds: number): void {
    this.#putHolds.run({ id, holds });
  }

  /** Adds the row, which holds nothing of an event then, or replaces it, but for what it holds of events. */
  put(segment: SegmentRecord, cameraId: number, volumeId: number): void {
    const startMs = Math.round(segment.startWallMs);
    const endMs = Math.round(segment.endWallMs);
    this.#put.run({
      volume_id: volumeId,
      path: segment.path,
      camera_id: cameraId,
      format_id: this.#formats.formatId(segment),
      kind: kindNumber(segment.kind),
      run_start_ms: Math.round(segment.runStartWallMs),
      start_ms: startMs,
      end_ms: endMs,
      length_class: lengthClass(startMs, endMs),
      size_bytes: segment.sizeBytes,
      is_open: segment.isOpen ? 1 : 0,
      ended_by: segment.endedBy ?? null,
      fragments: packFragments(segment.fragments),
    });
  }

  delete({ id }: StoredSegment): void {
    this.#delete.run({ id });
  }

  move({ id }: StoredSegment, volumeId: number, path: string): void {
    this.#move.run({ id, volume_id: volumeId, path });
  }

  get(volumeId: number, path: string): SegmentRecord | undefined {
    const row = this.#get.get({ volume_id: volumeId, path });
    return row && recordOf(row);
  }

  overlapping(cameraId: number, { startMs, endMs }: Interval): readonly SegmentRecord[] {
    const rows = this.#overlapping.all({ camera_id: cameraId, from_ms: startMs, to_ms: endMs });
    return rows.map(recordOf);
  }

  /** The paths of those of a volume that come after `after`, at most `limit`. */
  pathsAfter(volumeId: number, after: string, limit: number): readonly string[] {
    return this.#pathsAfter.all({ volume_id: volumeId, after, limit }).map(({ path }) => path);
  }

  /** Those of a volume whose path comes after `after`, at most `limit`. */
  byPath(volumeId: number, after: string, limit: number): readonly SegmentRecord[] {
    return this.#byPath.all({ volume_id: volumeId, after, limit }).map(recordOf);
  }

  open(): readonly SegmentRecord[] {
    return this.#open.all().map(recordOf);
  }
}

function storedOf(row: StoredRow): StoredSegment {
  return {
    id: row.id,
    cameraId: row.camera_id,
    volumeId: row.volume_id,
    kind: row.kind,
    holds: row.holds,
    sizeBytes: row.size_bytes,
    startMs: row.start_ms,
    endMs: row.end_ms,
    isOpen: row.is_open === 1,
    recorded: recordedIntervals(row),
  };
}

function recordOf(row: SegmentRow): SegmentRecord {
  return {
    volume: row.volume,
    path: row.path,
    camera: row.camera,
    runStartWallMs: row.run_start_ms as WallMs,
    startWallMs: row.start_ms as WallMs,
    endWallMs: row.end_ms as WallMs,
    sizeBytes: row.size_bytes,
    kind: kindOf(row.kind),
    isOpen: row.is_open === 1,
    endedBy: row.ended_by ?? undefined,
    ...formatOf(row),
    fragments: unpackFragments(row.fragments),
  };
}
