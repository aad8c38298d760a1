import type { WallMs } from '../base/time.ts';
import type {
  ArchiveIndex,
  CameraTimeline,
  Extent,
  RecordedHour,
  SegmentSummary,
  Usage,
} from './archive-index.ts';
import type { Database, Statement } from './database.ts';
import { EventTable } from './event-table.ts';
import { GapTable } from './gap-table.ts';
import { GarbageTable } from './garbage-table.ts';
import type { IndexWrite } from './index-write.ts';
import { contains, type Interval } from './intervals.ts';
import { NameTable } from './name-table.ts';
import { openDatabase } from './open-database.ts';
import { SpanTable } from './span-table.ts';
import type { EventRecord, FileKey, GapRecord, RunRecord, SegmentRecord, VolumeRecord } from './records.ts';
import { RunTable } from './run-table.ts';
import { HOLDS_EVENT, HOLDS_KEPT_EVENT, kindOf } from './segment-columns.ts';
import { SegmentTable, type StoredSegment } from './segment-table.ts';
import { StateTable } from './state-table.ts';
import { UsageTable } from './usage-table.ts';

/** The index in a SQLite database. Wall times are kept in whole milliseconds. */
export class SqliteIndex implements ArchiveIndex {
  readonly #database: Database;
  readonly #names: NameTable;
  readonly #segments: SegmentTable;
  readonly #spans: SpanTable;
  readonly #usage: UsageTable;
  readonly #garbage: GarbageTable;
  readonly #runs: RunTable;
  readonly #events: EventTable;
  readonly #gaps: GapTable;
  readonly #state: StateTable;
  readonly #integrity: Statement<{ readonly integrity_check: string }>;

  constructor(database: Database) {
    this.#database = database;
    this.#names = new NameTable(database);
    this.#segments = new SegmentTable(database);
    this.#spans = new SpanTable(database);
    this.#usage = new UsageTable(database);
    this.#garbage = new GarbageTable(database);
    this.#runs = new RunTable(database);
    this.#events = new EventTable(database);
    this.#gaps = new GapTable(database);
    this.#state = new StateTable(database);
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
      for (const write of writes) this.#applyOne(write);
    });
  }

  volumes(): readonly VolumeRecord[] {
    return this.#names.volumes();
  }

  cameras(): readonly string[] {
    return this.#names.cameras();
  }

  segment({ volume, path }: FileKey): SegmentRecord | undefined {
    const volumeId = this.#names.findVolume(volume);
    return volumeId === undefined ? undefined : this.#segments.get(volumeId, path);
  }

  segments(extent: Extent): readonly SegmentRecord[] {
    return this.#ofCameras(extent, (id) => this.#segments.overlapping(id, intervalOf(extent))).toSorted(
      (a, b) => a.startWallMs - b.startWallMs,
    );
  }

  pathsAfter({ volume, path }: FileKey, limit: number): readonly string[] {
    const volumeId = this.#names.findVolume(volume);
    return volumeId === undefined ? [] : this.#segments.pathsAfter(volumeId, path, limit);
  }

  segmentsByPath(after: FileKey | undefined, limit: number): readonly SegmentRecord[] {
    const found: SegmentRecord[] = [];
    for (const { id, identity } of this.#names.volumesFrom(after?.volume ?? '')) {
      const path = identity === after?.volume ? after.path : '';
      found.push(...this.#segments.byPath(id, path, limit - found.length));
      if (found.length === limit) break;
    }
    return found;
  }

  openSegments(): readonly SegmentRecord[] {
    return this.#segments.open();
  }

  oldestSegments(query: Parameters<ArchiveIndex['oldestSegments']>[0]): readonly SegmentSummary[] {
    const { camera, volume, ...rest } = query;
    const cameraId = camera === undefined ? undefined : this.#names.findCamera(camera);
    const volumeId = volume === undefined ? undefined : this.#names.findVolume(volume);
    const isUnknown =
      (camera !== undefined && cameraId === undefined) || (volume !== undefined && volumeId === undefined);
    if (isUnknown) return [];
    return this.#segments.oldest({
      ...rest,
      ...(cameraId !== undefined && { cameraId }),
      ...(volumeId !== undefined && { volumeId }),
    });
  }

  garbage(): readonly FileKey[] {
    return this.#garbage.all();
  }

  runs(extent: Extent): readonly RunRecord[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#runs.overlapping(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  events(extent: Extent): readonly EventRecord[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#events.overlapping(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.fromWallMs - b.fromWallMs);
  }

  gaps(extent: Extent): readonly GapRecord[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#gaps.overlapping(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  timeline(extent: Extent): readonly CameraTimeline[] {
    const interval = intervalOf(extent);
    return this.#ofCameras(extent, (id, camera) => [
      {
        camera,
        recorded: this.#spans.overlapping(id, interval).map(({ startMs, endMs }) => ({
          startWallMs: startMs as WallMs,
          endWallMs: endMs as WallMs,
        })),
        gaps: this.#gaps.overlapping(id, camera, interval),
        events: this.#events.timeline(id, interval),
      },
    ]);
  }

  usage(): readonly Usage[] {
    return this.#usage.all();
  }

  recordedHours(extent: Extent): readonly RecordedHour[] {
    return this.#ofCameras(extent, (id, camera) =>
      this.#usage.hours(id, camera, intervalOf(extent)),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  agedTo(): WallMs | undefined {
    return this.#state.agedTo();
  }

  lastAlive(): { readonly atWallMs: WallMs; readonly isLeaving: boolean } | undefined {
    return this.#state.lastAlive();
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

  #applyOne(write: IndexWrite): void {
    switch (write.type) {
      case 'volume':
        return this.#names.putVolume(write.volume);
      case 'run':
        return this.#runs.put(this.#names.cameraId(write.run.camera), write.run);
      case 'segment':
        return this.#putSegment(write.segment);
      case 'event':
        return this.#putEvent(write.event);
      case 'keep':
        return this.#keep(write);
      case 'gap':
        return this.#gaps.put(this.#names.cameraId(write.gap.camera), write.gap);
      case 'gap-withdrawn':
        return this.#gaps.withdraw(this.#names.cameraId(write.camera), write.startWallMs);
      case 'alive':
        return this.#state.putAlive(write.atWallMs, write.isLeaving);
      case 'aged':
        return this.#state.putAged(write.toWallMs);
      case 'discard':
        return write.files.forEach((file) => this.#discard(file, write.cause));
      case 'discarded':
        return write.files.forEach(({ volume, path }) =>
          this.#garbage.delete(this.#names.volumeId(volume), path),
        );
      case 'moved':
        return this.#move(write.from, write.to);
    }
  }

  #putSegment(segment: SegmentRecord): void {
    const volumeId = this.#names.volumeId(segment.volume);
    const cameraId = this.#names.cameraId(segment.camera);
    const before = this.#segments.find(volumeId, segment.path);
    const held = this.#events.holds(cameraId, {
      startMs: Math.round(segment.startWallMs),
      endMs: Math.round(segment.endWallMs),
    });
    this.#segments.put(
      segment,
      cameraId,
      volumeId,
      segment.kind === 'event' ? Math.max(held, HOLDS_EVENT) : held,
    );
    // A name that is used again must not be deleted.
    this.#garbage.delete(volumeId, segment.path);
    const after = this.#segments.find(volumeId, segment.path);
    if (after === undefined) throw new Error('a segment that was put is not there');
    if (before !== undefined) this.#forget(before, after);
    this.#usage.add(after);
    for (const interval of after.recorded) this.#spans.add(cameraId, interval);
  }

  /** Takes out of what is derived what a segment was before it became what it is now. */
  #forget(before: StoredSegment, after: StoredSegment): void {
    this.#usage.remove(before);
    for (const interval of before.recorded) {
      const isStillCovered =
        before.cameraId === after.cameraId && after.recorded.some((now) => contains(now, interval));
      if (!isStillCovered) this.#spans.remove(before.cameraId, interval);
    }
  }

  #putEvent(event: EventRecord): void {
    const cameraId = this.#names.cameraId(event.camera);
    this.#lookForEvents(cameraId, this.#events.put(cameraId, event));
  }

  #keep({ camera, triggerWallMs, isKept }: Extract<IndexWrite, { type: 'keep' }>): void {
    const cameraId = this.#names.findCamera(camera);
    if (cameraId === undefined) return;
    this.#lookForEvents(cameraId, this.#events.keep(cameraId, triggerWallMs, isKept));
  }

  /** Puts right how much of events the segments there hold. */
  #lookForEvents(cameraId: number, intervals: readonly Interval[]): void {
    for (const interval of intervals) {
      for (const segment of this.#segments.stored(cameraId, interval)) {
        const held = this.#events.holds(cameraId, segment);
        const holds = kindOf(segment.kind) === 'event' ? Math.max(held, HOLDS_EVENT) : held;
        if (holds === segment.holds) continue;
        this.#segments.putHolds(segment, holds);
        this.#usage.remove(segment);
        this.#usage.add({ ...segment, holds });
      }
    }
  }

  #discard({ volume, path }: FileKey, cause: 'retention' | 'deleted'): void {
    const volumeId = this.#names.volumeId(volume);
    const segment = this.#segments.find(volumeId, path);
    if (segment === undefined) return;
    const isSpared = cause === 'retention' && (segment.isOpen || segment.holds === HOLDS_KEPT_EVENT);
    if (isSpared) return;
    this.#garbage.add(volumeId, path);
    for (const interval of this.#delete(segment)) this.#gaps.addJoined(segment.cameraId, interval, cause);
  }

  #move(from: FileKey, to: FileKey): void {
    const fromId = this.#names.volumeId(from.volume);
    const toId = this.#names.volumeId(to.volume);
    const segment = this.#segments.find(fromId, from.path);
    const copy = this.#segments.find(toId, to.path);
    if (segment === undefined) {
      // Discarded while it was copied. Or this is told again, and it is moved already.
      if (copy === undefined) this.#garbage.add(toId, to.path);
      return;
    }
    if (copy?.id === segment.id) return;
    // Start-up found the copy of a move that was broken off, and took it for a segment of its own.
    if (copy !== undefined) this.#delete(copy);
    this.#segments.move(segment, toId, to.path);
    this.#usage.remove(segment);
    this.#usage.add({ ...segment, volumeId: toId });
    this.#garbage.add(fromId, from.path);
    this.#garbage.delete(toId, to.path);
  }

  /** @returns what no other segment covers of it. */
  #delete(segment: StoredSegment): readonly Interval[] {
    this.#segments.delete(segment);
    this.#usage.remove(segment);
    return segment.recorded.flatMap((interval) => this.#spans.remove(segment.cameraId, interval));
  }

  /** What `read` gives for each camera of the extent that the index knows. */
  #ofCameras<T>({ cameras }: Extent, read: (id: number, camera: string) => readonly T[]): readonly T[] {
    return (cameras ?? this.cameras()).flatMap((camera) => {
      const id = this.#names.findCamera(camera);
      return id === undefined ? [] : read(id, camera);
    });
  }
}

function intervalOf({ fromWallMs, toWallMs }: Extent): Interval {
  return { startMs: Math.round(fromWallMs), endMs: Math.round(toWallMs) };
}
