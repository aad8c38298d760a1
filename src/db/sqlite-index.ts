import type { WallMs } from '../base/time.ts';
import type {
  ArchiveIndex,
  CameraTimeline,
  EventPageQuery,
  EventSummary,
  Extent,
  RecordedHour,
  SegmentSummary,
  Usage,
} from './archive-index.ts';
import type { Database, Statement } from './database.ts';
import { openTables, type IndexTables } from './index-tables.ts';
import type { IndexWrite } from './index-write.ts';
import { IndexWriter } from './index-writer.ts';
import type { Interval } from './intervals.ts';
import { openDatabase } from './open-database.ts';
import type {
  EventRecord,
  FallbackRecord,
  FileKey,
  GapRecord,
  MotionRecord,
  RunRecord,
  SegmentRecord,
  VolumeRecord,
} from './records.ts';

/** The index in a SQLite database. Wall times are kept in whole milliseconds. */
export class SqliteIndex implements ArchiveIndex {
  readonly #database: Database;
  readonly #tables: IndexTables;
  readonly #writer: IndexWriter;
  readonly #integrity: Statement<{ readonly integrity_check: string }>;

  constructor(database: Database) {
    this.#database = database;
    this.#tables = openTables(database);
    this.#writer = new IndexWriter(this.#tables);
    this.#integrity = database.prepare('PRAGMA integrity_check');
  }

  /** Opens the database of that path, makes it if there is none. @throws IndexError. */
  static open(path: string): SqliteIndex {
    const database = openDatabase(path);
    try {
      return new SqliteIndex(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  apply(writes: readonly IndexWrite[]): void {
    this.#database.transaction(() => {
      for (const write of writes) this.#writer.write(write);
    });
  }

  volumes(): readonly VolumeRecord[] {
    return this.#tables.names.volumes();
  }

  cameras(): readonly string[] {
    return this.#tables.names.cameras();
  }

  segment({ volume, path }: FileKey): SegmentRecord | undefined {
    const volumeId = this.#tables.names.findVolume(volume);
    return volumeId === undefined ? undefined : this.#tables.segments.get(volumeId, path);
  }

  segments(extent: Extent): readonly SegmentRecord[] {
    return this.#ofCameras(extent, (id) =>
      this.#tables.segments.overlapping(id, intervalOf(extent)),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  pathsAfter({ volume, path }: FileKey, limit: number): readonly string[] {
    const volumeId = this.#tables.names.findVolume(volume);
    return volumeId === undefined ? [] : this.#tables.segments.pathsAfter(volumeId, path, limit);
  }

  segmentsByPath(after: FileKey | undefined, limit: number): readonly SegmentRecord[] {
    const found: SegmentRecord[] = [];
    for (const { id, identity } of this.#tables.names.volumesFrom(after?.volume ?? '')) {
      const path = identity === after?.volume ? after.path : '';
      found.push(...this.#tables.segments.byPath(id, path, limit - found.length));
      if (found.length === limit) break;
    }
    return found;
  }

  openSegments(): readonly SegmentRecord[] {
    return this.#tables.segments.open();
  }

  oldestSegments(query: Parameters<ArchiveIndex['oldestSegments']>[0]): readonly SegmentSummary[] {
    const { camera, volume, ...rest } = query;
    const cameraId = camera === undefined ? undefined : this.#tables.names.findCamera(camera);
    const volumeId = volume === undefined ? undefined : this.#tables.names.findVolume(volume);
    const isUnknown =
      (camera !== undefined && cameraId === undefined) || (volume !== undefined && volumeId === undefined);
    if (isUnknown) return [];
    return this.#tables.segmentsByAge.oldest({
      ...rest,
      ...(cameraId !== undefined && { cameraId }),
      ...(volumeId !== undefined && { volumeId }),
    });
  }

  garbage(): readonly FileKey[] {
    return this.#tables.garbage.all();
  }

  runs(extent: Extent): readonly RunRecord[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#tables.runs.overlapping(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  events(extent: Extent): readonly EventRecord[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#tables.events.overlapping(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.fromWallMs - b.fromWallMs);
  }

  eventPage({ cameras, ...query }: EventPageQuery): readonly EventSummary[] {
    const extent = { ...query, cameras };
    return this.#ofCameras(extent, (id, camera) => this.#tables.events.page(id, camera, query))
      .toSorted((a, b) => b.triggerWallMs - a.triggerWallMs || (a.camera < b.camera ? -1 : 1))
      .slice(0, query.limit);
  }

  gaps(extent: Extent): readonly GapRecord[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#tables.gaps.overlapping(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  timeline(extent: Extent): readonly CameraTimeline[] {
    const interval = intervalOf(extent);
    return this.#ofCameras(extent, (id, camera) => [
      {
        camera,
        recorded: this.#tables.spans.overlapping(id, interval).map(({ startMs, endMs }) => ({
          startWallMs: startMs as WallMs,
          endWallMs: endMs as WallMs,
        })),
        gaps: this.#tables.gaps.overlapping(id, camera, interval),
        events: this.#tables.events.timeline(id, interval),
      },
    ]);
  }

  motion(extent: Extent, slotMs: number): readonly MotionRecord[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#tables.motion.overlapping(id, camera, intervalOf(extent), slotMs),
    );
  }

  fallbacks(): readonly FallbackRecord[] {
    return this.#tables.fallbacks.all();
  }

  usage(): readonly Usage[] {
    return this.#tables.usage.all();
  }

  recordedHours(extent: Extent): readonly RecordedHour[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#tables.usage.hours(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  agedTo(): WallMs | undefined {
    return this.#tables.state.agedTo();
  }

  lastAlive(): { readonly atWallMs: WallMs; readonly isLeaving: boolean } | undefined {
    return this.#tables.state.lastAlive();
  }

  integrityProblems(): readonly string[] {
    return this.#integrity
      .all()
      .map((row) => row.integrity_check)
      .filter((problem) => problem !== 'ok');
  }

  close(): void {
    try {
      // By itself SQLite does so when the last connection ends, which `@photostructure/sqlite` puts off until the
      // statements are collected.
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // What cannot be brought into the file now stays in its log, which the next one to open it reads.
    } finally {
      this.#database.close();
    }
  }

  /** What `read` gives for each camera of the extent that the index knows. */
  #ofCameras<T>({ cameras }: Extent, read: (id: number, camera: string) => readonly T[]): readonly T[] {
    return (cameras ?? this.cameras()).flatMap((camera) => {
      const id = this.#tables.names.findCamera(camera);
      return id === undefined ? [] : read(id, camera);
    });
  }
}

function intervalOf({ fromWallMs, toWallMs }: Extent): Interval {
  return { startMs: Math.round(fromWallMs), endMs: Math.round(toWallMs) };
}
