import type { WallMs } from '../../base/time.ts';
import type {
  EventPageQuery,
  EventSummary,
  ArchiveIndex,
  Extent,
  RecordedHour,
  SegmentPlace,
  SegmentSummary,
  Span,
  TimelineEvent,
  Usage,
} from '../archive-index.ts';
import type { IndexWrite } from '../index-write.ts';
import { TOUCHING_MS, type Interval } from '../intervals.ts';
import { recordedSpans } from '../recorded-spans.ts';
import {
  MOTION_SLOT_MS,
  type EventRecord,
  type FallbackRecord,
  type FileKey,
  type GapRecord,
  type MotionRecord,
  type RunRecord,
  type SegmentRecord,
  type VolumeRecord,
} from '../records.ts';

type Alive = { readonly atWallMs: WallMs; readonly isLeaving: boolean };

const HOUR_MS = 3_600_000;
const kinds = ['continuous', 'event', 'timelapse'];

/** The index as plainly as it can be said: maps, and everything derived anew for each answer. */
export class ModelIndex implements ArchiveIndex {
  readonly #volumes = new Map<string, VolumeRecord>();
  readonly #cameras = new Set<string>();
  readonly #segments = new Map<string, SegmentRecord>();
  readonly #garbage = new Map<string, FileKey>();
  readonly #runs = new Map<string, RunRecord>();
  readonly #events = new Map<string, EventRecord>();
  readonly #gaps = new Map<string, GapRecord>();
  /** By camera, then by slot. */
  readonly #motion = new Map<string, Map<number, number>>();
  readonly #fallbacks = new Map<string, FallbackRecord>();
  #alive: Alive | undefined;
  #agedTo: WallMs | undefined;

  apply(writes: readonly IndexWrite[]): void {
    for (const write of writes) this.#applyOne(write);
  }

  volumes(): readonly VolumeRecord[] {
    return [...this.#volumes.values()].toSorted((a, b) => compare(a.id, b.id));
  }

  cameras(): readonly string[] {
    return [...this.#cameras].toSorted();
  }

  segment(file: FileKey): SegmentRecord | undefined {
    return this.#segments.get(keyOf(file));
  }

  segments(extent: Extent): readonly SegmentRecord[] {
    return this.#ofCameras(extent, (camera) =>
      this.#sorted(camera, this.#segments, (segment) => [segment.startWallMs, segment.endWallMs], extent),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  pathsAfter({ volume, path }: FileKey, limit: number): readonly string[] {
    return [...this.#segments.values()]
      .toSorted(byPath)
      .filter((segment) => segment.volume === volume && byPath(segment, { volume, path }) > 0)
      .slice(0, limit)
      .map((segment) => segment.path);
  }

  segmentsByPath(after: FileKey | undefined, limit: number): readonly SegmentRecord[] {
    return [...this.#segments.values()]
      .toSorted(byPath)
      .filter((segment) => after === undefined || byPath(segment, after) > 0)
      .slice(0, limit);
  }

  openSegments(): readonly SegmentRecord[] {
    return [...this.#segments.values()].filter(({ isOpen }) => isOpen).toSorted(byPath);
  }

  oldestSegments(query: Parameters<ArchiveIndex['oldestSegments']>[0]): readonly SegmentSummary[] {
    const { beforeWallMs, after, limit, ...wanted } = query;
    return [...this.#segments.values()]
      .map((segment) => this.#summary(segment))
      .filter(
        (segment) =>
          Object.entries(wanted).every(([name, value]) => segment[name as keyof SegmentSummary] === value) &&
          segment.endWallMs < (beforeWallMs ?? Infinity) &&
          (after === undefined || byAge(segment, after) > 0),
      )
      .toSorted(byAge)
      .slice(0, limit);
  }

  garbage(): readonly FileKey[] {
    return [...this.#garbage.values()].toSorted(byPath);
  }

  runs(extent: Extent): readonly RunRecord[] {
    return this.#ofCameras(extent, (camera) => {
      const runs = this.#ofCamera(camera, this.#runs).toSorted((a, b) => a.startWallMs - b.startWallMs);
      const lastBefore = runs.findLast((run) => run.startWallMs < extent.fromWallMs);
      return runs.filter(
        (run) =>
          (run.startWallMs >= extent.fromWallMs && run.startWallMs < extent.toWallMs) ||
          (run === lastBefore && (run.endWallMs ?? Infinity) > extent.fromWallMs),
      );
    }).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  events(extent: Extent): readonly EventRecord[] {
    return this.#ofCameras(extent, (camera) => this.#eventsOf(camera, extent)).toSorted(
      (a, b) => a.fromWallMs - b.fromWallMs,
    );
  }

  eventPage(query: EventPageQuery): readonly EventSummary[] {
    const { cameras, fromWallMs, toWallMs, after, cause, zone, isKept, limit } = query;
    const isBehind = (event: EventRecord) =>
      after === undefined ||
      event.triggerWallMs < after.triggerWallMs ||
      (event.triggerWallMs === after.triggerWallMs && event.camera > after.camera);
    return this.#ofCameras({ cameras, fromWallMs, toWallMs }, (camera) =>
      this.#ofCamera(camera, this.#events),
    )
      .filter(
        (event) =>
          event.triggerWallMs >= fromWallMs &&
          event.triggerWallMs < toWallMs &&
          isBehind(event) &&
          (cause === undefined || event.causes.includes(cause)) &&
          (zone === undefined || event.zones.includes(zone)) &&
          (isKept === undefined || event.isKept === isKept),
      )
      .toSorted((a, b) => b.triggerWallMs - a.triggerWallMs || (a.camera < b.camera ? -1 : 1))
      .slice(0, limit)
      .map(
        ({
          fromWallMs: startWallMs,
          untilWallMs: endWallMs,
          score: _score,
          detail: _detail,
          thumbnail: _thumbnail,
          ...rest
        }) => ({
          ...rest,
          startWallMs,
          endWallMs,
        }),
      );
  }

  gaps(extent: Extent): readonly GapRecord[] {
    return this.#ofCameras(extent, (camera) => this.#gapsOf(camera, extent)).toSorted(
      (a, b) => a.startWallMs - b.startWallMs,
    );
  }

  timeline(extent: Extent) {
    return this.#ofCameras(extent, (camera) => [
      {
        camera,
        recorded: this.#covered(camera)
          .filter(({ startMs, endMs }) => overlaps([startMs, endMs], extent))
          .map(({ startMs, endMs }): Span => ({
            startWallMs: startMs as WallMs,
            endWallMs: endMs as WallMs,
          })),
        gaps: this.#gapsOf(camera, extent),
        events: this.#eventsOf(camera, extent).map((event): TimelineEvent => ({
          startWallMs: event.fromWallMs,
          endWallMs: event.untilWallMs,
          triggerWallMs: event.triggerWallMs,
          causes: event.causes,
          zones: event.zones,
          peakScore: event.peakScore,
          isKept: event.isKept,
        })),
      },
    ]);
  }

  motion(extent: Extent, slotMs: number): readonly MotionRecord[] {
    return this.#ofCameras(extent, (camera) => {
      const hours = [...(this.#motion.get(camera) ?? [])]
        .map(([ms, value]) => ({ ms, value, hourMs: ms - (ms % HOUR_MS) }))
        .filter(({ hourMs }) => hourMs < extent.toWallMs && hourMs + HOUR_MS > extent.fromWallMs);
      if (hours.length === 0) return [];
      const firstMs = Math.max(extent.fromWallMs, Math.min(...hours.map(({ hourMs }) => hourMs)));
      const endMs = Math.min(extent.toWallMs, Math.max(...hours.map(({ hourMs }) => hourMs)) + HOUR_MS);
      const fromMs = firstMs - (firstMs % slotMs);
      const intensity = new Uint8Array(Math.max(0, Math.ceil((endMs - fromMs) / slotMs)));
      for (const { ms, value } of hours) {
        const slot = Math.floor((ms - fromMs) / slotMs);
        if (slot in intensity) intensity[slot] = Math.max(intensity[slot] ?? 0, value);
      }
      return intensity.some((value) => value > 0)
        ? [{ camera, startWallMs: fromMs as WallMs, intensity }]
        : [];
    });
  }

  fallbacks(): readonly FallbackRecord[] {
    return [...this.#fallbacks.values()].toSorted(
      (a, b) => compare(a.camera, b.camera) || compare(a.stream, b.stream),
    );
  }

  usage(): readonly Usage[] {
    const groups = new Map<string, SegmentRecord[]>();
    for (const segment of this.#segments.values()) {
      const { holdsEvent } = this.#summary(segment);
      const key = [segment.camera, segment.volume, kinds.indexOf(segment.kind), holdsEvent].join('\n');
      groups.set(key, [...(groups.get(key) ?? []), segment]);
    }
    return [...groups]
      .toSorted(([a], [b]) => compare(a, b))
      .flatMap(([, segments]) => {
        const inOrder = segments.toSorted(
          (a, b) => a.startWallMs - b.startWallMs || a.endWallMs - b.endWallMs,
        );
        const [oldest] = inOrder;
        // Those that are kept and those that are not are counted apart at first.
        const newest = [true, false].flatMap((isKept) => {
          const last = inOrder.findLast((segment) => this.#summary(segment).isKept === isKept);
          return last === undefined ? [] : [last.endWallMs];
        });
        if (oldest === undefined) return [];
        return [
          {
            camera: oldest.camera,
            volume: oldest.volume,
            kind: oldest.kind,
            holdsEvent: this.#summary(oldest).holdsEvent,
            segments: segments.length,
            sizeBytes: sum(segments.map(({ sizeBytes }) => sizeBytes)),
            recordedMs: sum(segments.map(({ startWallMs, endWallMs }) => endWallMs - startWallMs)),
            oldestWallMs: oldest.startWallMs,
            newestWallMs: Math.max(...newest) as WallMs,
          },
        ];
      });
  }

  recordedHours(extent: Extent): readonly RecordedHour[] {
    const hours = new Map<string, RecordedHour>();
    for (const segment of this.#segments.values()) {
      const { camera, volume, startWallMs: startMs, sizeBytes } = segment;
      const { holdsEvent } = this.#summary(segment);
      const startWallMs = (startMs - (startMs % HOUR_MS)) as WallMs;
      const key = JSON.stringify([camera, startWallMs, volume, holdsEvent]);
      const before = hours.get(key)?.sizeBytes ?? 0;
      hours.set(key, { camera, volume, holdsEvent, startWallMs, sizeBytes: before + sizeBytes });
    }
    return this.#ofCameras(extent, (camera) =>
      this.#sorted(camera, hours, ({ startWallMs }) => [startWallMs, startWallMs + HOUR_MS], extent),
    ).toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  agedTo(): WallMs | undefined {
    return this.#agedTo;
  }

  lastAlive(): Alive | undefined {
    return this.#alive;
  }

  integrityProblems(): readonly string[] {
    return [];
  }

  close(): void {}

  #applyOne(write: IndexWrite): void {
    switch (write.type) {
      case 'volume':
        this.#volumes.set(write.volume.id, write.volume);
        return;
      case 'run':
        this.#cameras.add(write.run.camera);
        this.#runs.set(`${write.run.camera} ${write.run.startWallMs}`, write.run);
        return;
      case 'segment':
        this.#cameras.add(write.segment.camera);
        this.#segments.set(keyOf(write.segment), write.segment);
        this.#garbage.delete(keyOf(write.segment));
        return;
      case 'event':
        return this.#putEvent(write.event);
      case 'keep': {
        const key = `${write.camera} ${write.triggerWallMs}`;
        const event = this.#events.get(key);
        if (event !== undefined) this.#events.set(key, { ...event, isKept: write.isKept });
        return;
      }
      case 'event-deleted':
        this.#events.delete(`${write.camera} ${write.triggerWallMs}`);
        return;
      case 'gap':
        this.#cameras.add(write.gap.camera);
        this.#gaps.set(`${write.gap.camera} ${write.gap.startWallMs}`, write.gap);
        return;
      case 'gap-withdrawn':
        this.#cameras.add(write.camera);
        this.#gaps.delete(`${write.camera} ${write.startWallMs}`);
        return;
      case 'motion':
        return this.#putMotion(write.motion);
      case 'fallback':
        this.#cameras.add(write.fallback.camera);
        this.#fallbacks.set(`${write.fallback.camera} ${write.fallback.stream}`, write.fallback);
        return;
      case 'fallback-forgotten':
        this.#cameras.add(write.camera);
        this.#fallbacks.delete(`${write.camera} ${write.stream}`);
        return;
      case 'aged':
        this.#agedTo = write.toWallMs;
        return;
      case 'alive':
        this.#alive = { atWallMs: write.atWallMs, isLeaving: write.isLeaving };
        return;
      case 'discard':
        for (const file of write.files) this.#discard(file, write.cause);
        return;
      case 'discarded':
        for (const file of write.files) this.#garbage.delete(keyOf(file));
        return;
      case 'moved':
        return this.#move(write.from, write.to);
    }
  }

  #putMotion({ camera, startWallMs, intensity }: MotionRecord): void {
    this.#cameras.add(camera);
    const slots = this.#motion.get(camera) ?? new Map<number, number>();
    for (const [place, value] of intensity.entries()) {
      const ms = startWallMs - (startWallMs % MOTION_SLOT_MS) + place * MOTION_SLOT_MS;
      slots.set(ms, Math.max(slots.get(ms) ?? 0, value));
    }
    this.#motion.set(camera, slots);
  }

  #putEvent(event: EventRecord): void {
    this.#cameras.add(event.camera);
    const key = `${event.camera} ${event.triggerWallMs}`;
    const before = this.#events.get(key);
    this.#events.set(key, {
      ...event,
      isKept: event.isKept || before?.isKept === true,
      thumbnail: event.thumbnail ?? before?.thumbnail,
    });
  }

  #discard(file: FileKey, cause: 'retention' | 'deleted'): void {
    const segment = this.#segments.get(keyOf(file));
    if (segment === undefined) return;
    const { camera } = segment;
    if (cause === 'retention' && (segment.isOpen || this.#summary(segment).isKept)) return;
    this.#segments.delete(keyOf(file));
    this.#garbage.set(keyOf(file), { volume: file.volume, path: file.path });
    let uncovered = intervalsOf(segment);
    for (const cover of this.#covered(camera)) uncovered = uncovered.flatMap((part) => without(part, cover));
    for (const part of uncovered) this.#addGap(camera, part, cause);
    const [oldest] = this.#covered(camera);
    if (oldest === undefined) return;
    for (const ms of this.#motion.get(camera)?.keys() ?? []) {
      if (ms - (ms % HOUR_MS) + HOUR_MS <= oldest.startMs) this.#motion.get(camera)?.delete(ms);
    }
  }

  #addGap(camera: string, { startMs, endMs }: Interval, cause: 'retention' | 'deleted'): void {
    const touching = [...this.#gaps].filter(
      ([, gap]) =>
        gap.camera === camera &&
        gap.cause === cause &&
        gap.startWallMs <= endMs + TOUCHING_MS &&
        gap.endWallMs >= startMs - TOUCHING_MS,
    );
    for (const [key] of touching) this.#gaps.delete(key);
    const startWallMs = Math.min(startMs, ...touching.map(([, gap]) => gap.startWallMs)) as WallMs;
    const endWallMs = Math.max(endMs, ...touching.map(([, gap]) => gap.endWallMs)) as WallMs;
    this.#gaps.set(`${camera} ${startWallMs}`, { camera, startWallMs, endWallMs, cause, detail: '' });
  }

  #move(from: FileKey, to: FileKey): void {
    const segment = this.#segments.get(keyOf(from));
    if (segment === undefined && !this.#segments.has(keyOf(to))) this.#garbage.set(keyOf(to), { ...to });
    if (segment === undefined || keyOf(from) === keyOf(to)) return;
    this.#segments.delete(keyOf(from));
    this.#segments.set(keyOf(to), { ...segment, volume: to.volume, path: to.path });
    this.#garbage.set(keyOf(from), { volume: from.volume, path: from.path });
    this.#garbage.delete(keyOf(to));
  }

  /** Any two that touch are made one until none do. */
  #covered(camera: string): readonly Interval[] {
    const spans = this.#ofCamera(camera, this.#segments).flatMap(intervalsOf);
    for (let place = 0; place < spans.length;) {
      const one = spans[place];
      const other = spans.findIndex(
        (span, at) =>
          at > place &&
          one !== undefined &&
          Math.max(one.startMs, span.startMs) - Math.min(one.endMs, span.endMs) <= TOUCHING_MS,
      );
      const found = spans[other];
      if (one === undefined || found === undefined) {
        place += 1;
        continue;
      }
      spans.splice(other, 1);
      spans[place] = {
        startMs: Math.min(one.startMs, found.startMs),
        endMs: Math.max(one.endMs, found.endMs),
      };
      place = 0;
    }
    return spans.toSorted((a, b) => a.startMs - b.startMs);
  }

  #summary(segment: SegmentRecord): SegmentSummary {
    const { volume, path, camera, kind, sizeBytes, startWallMs, endWallMs, isOpen } = segment;
    const events = this.#ofCamera(camera, this.#events).filter(
      (event) => event.fromWallMs < endWallMs && event.untilWallMs > startWallMs,
    );
    return {
      volume,
      path,
      camera,
      kind,
      sizeBytes,
      startWallMs,
      endWallMs,
      isOpen,
      holdsEvent: kind === 'event' || events.length > 0,
      isKept: events.some((event) => event.isKept),
    };
  }

  #gapsOf(camera: string, extent: Extent): readonly GapRecord[] {
    return this.#sorted(camera, this.#gaps, (gap) => [gap.startWallMs, gap.endWallMs], extent);
  }

  #eventsOf(camera: string, extent: Extent): readonly EventRecord[] {
    const events = this.#sorted(
      camera,
      this.#events,
      (event) => [event.fromWallMs, event.untilWallMs],
      extent,
    );
    return events.toSorted((a, b) => a.fromWallMs - b.fromWallMs || a.triggerWallMs - b.triggerWallMs);
  }

  #sorted<T extends { readonly camera: string }>(
    camera: string,
    records: ReadonlyMap<string, T>,
    spanOf: (record: T) => readonly [number, number],
    extent: Extent,
  ): readonly T[] {
    return this.#ofCamera(camera, records)
      .filter((record) => overlaps(spanOf(record), extent))
      .toSorted((a, b) => spanOf(a)[0] - spanOf(b)[0]);
  }

  /** In order of their keys. */
  #ofCamera<T extends { readonly camera: string }>(
    camera: string,
    records: ReadonlyMap<string, T>,
  ): readonly T[] {
    return [...records]
      .filter(([, record]) => record.camera === camera)
      .toSorted(([a], [b]) => compare(a, b))
      .map(([, record]) => record);
  }

  #ofCameras<T>({ cameras }: Extent, read: (camera: string) => readonly T[]): readonly T[] {
    return (cameras ?? this.cameras()).filter((camera) => this.#cameras.has(camera)).flatMap(read);
  }
}

function intervalsOf(segment: SegmentRecord): readonly Interval[] {
  return recordedSpans(segment).map((span) => ({ startMs: span.startWallMs, endMs: span.endWallMs }));
}

function byAge(a: SegmentPlace, b: SegmentPlace): number {
  return a.startWallMs - b.startWallMs || byPath(a, b);
}

function keyOf({ volume, path }: FileKey): string {
  return `${volume}\n${path}`;
}

function byPath(a: FileKey, b: FileKey): number {
  return compare(a.volume, b.volume) || compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function overlaps([startMs, endMs]: readonly [number, number], { fromWallMs, toWallMs }: Extent): boolean {
  return startMs < toWallMs && (endMs > fromWallMs || startMs >= fromWallMs);
}

function without({ startMs, endMs }: Interval, cover: Interval): readonly Interval[] {
  return [
    { startMs, endMs: Math.min(endMs, cover.startMs) },
    { startMs: Math.max(startMs, cover.endMs), endMs },
  ].filter((part) => part.endMs > part.startMs);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
