import type { IndexTables } from './index-tables.ts';
import type { IndexWrite } from './index-write.ts';
import { contains, type Interval } from './intervals.ts';
import type { EventRecord, FileKey, SegmentRecord } from './records.ts';
import { HOLDS_EVENT, HOLDS_KEPT_EVENT, kindOf } from './segment-columns.ts';
import type { StoredSegment } from './segment-table.ts';

/** Applies changes to the tables, and puts right what is derived from what they change. */
export class IndexWriter {
  readonly #tables: IndexTables;

  constructor(tables: IndexTables) {
    this.#tables = tables;
  }

  /** Applies one; told again it changes nothing. */
  write(write: IndexWrite): void {
    switch (write.type) {
      case 'volume':
        return this.#tables.names.putVolume(write.volume);
      case 'run':
        return this.#tables.runs.put(this.#tables.names.cameraId(write.run.camera), write.run);
      case 'segment':
        return this.#putSegment(write.segment);
      case 'event':
        return this.#putEvent(write.event);
      case 'keep':
        return this.#keep(write);
      case 'event-deleted':
        return this.#deleteEvent(write);
      case 'gap':
        return this.#tables.gaps.put(this.#tables.names.cameraId(write.gap.camera), write.gap);
      case 'gap-withdrawn':
        return this.#tables.gaps.withdraw(this.#tables.names.cameraId(write.camera), write.startWallMs);
      case 'motion':
        return this.#tables.motion.put(this.#tables.names.cameraId(write.motion.camera), write.motion);
      case 'fallback':
        return this.#tables.fallbacks.put(this.#tables.names.cameraId(write.fallback.camera), write.fallback);
      case 'fallback-forgotten':
        return this.#tables.fallbacks.delete(this.#tables.names.cameraId(write.camera), write.stream);
      case 'alive':
        return this.#tables.state.putAlive(write.atWallMs, write.isLeaving);
      case 'aged':
        return this.#tables.state.putAged(write.toWallMs);
      case 'discard':
        return write.files.forEach((file) => this.#discard(file, write.cause));
      case 'discarded':
        return write.files.forEach(({ volume, path }) =>
          this.#tables.garbage.delete(this.#tables.names.volumeId(volume), path),
        );
      case 'moved':
        return this.#move(write.from, write.to);
    }
  }

  #putSegment(segment: SegmentRecord): void {
    const volumeId = this.#tables.names.volumeId(segment.volume);
    const cameraId = this.#tables.names.cameraId(segment.camera);
    const before = this.#tables.segments.find(volumeId, segment.path);
    this.#tables.segments.put(segment, cameraId, volumeId);
    // A name that is used again must not be deleted.
    this.#tables.garbage.delete(volumeId, segment.path);
    const after = this.#tables.segments.find(volumeId, segment.path);
    if (after === undefined) throw new Error('a segment that was put is not there');
    if (before !== undefined) this.#forget(before, after);
    this.#tables.usage.add(after);
    for (const interval of after.recorded) this.#tables.spans.add(cameraId, interval);
    this.#lookForEvents(after);
  }

  /** Takes out of what is derived what a segment was before it became what it is now. */
  #forget(before: StoredSegment, after: StoredSegment): void {
    this.#tables.usage.remove(before);
    for (const interval of before.recorded) {
      const isStillCovered =
        before.cameraId === after.cameraId && after.recorded.some((now) => contains(now, interval));
      if (!isStillCovered) this.#tables.spans.remove(before.cameraId, interval);
    }
  }

  #putEvent(event: EventRecord): void {
    const cameraId = this.#tables.names.cameraId(event.camera);
    this.#lookForSegments(cameraId, this.#tables.events.put(cameraId, event));
  }

  #keep({ camera, triggerWallMs, isKept }: Extract<IndexWrite, { type: 'keep' }>): void {
    const cameraId = this.#tables.names.findCamera(camera);
    if (cameraId === undefined) return;
    this.#lookForSegments(cameraId, this.#tables.events.keep(cameraId, triggerWallMs, isKept));
  }

  #deleteEvent({ camera, triggerWallMs }: Extract<IndexWrite, { type: 'event-deleted' }>): void {
    const cameraId = this.#tables.names.findCamera(camera);
    if (cameraId === undefined) return;
    this.#lookForSegments(cameraId, this.#tables.events.delete(cameraId, triggerWallMs));
  }

  /** The events there have changed. */
  #lookForSegments(cameraId: number, intervals: readonly Interval[]): void {
    for (const interval of intervals) {
      for (const segment of this.#tables.segments.stored(cameraId, interval)) this.#lookForEvents(segment);
    }
  }

  /** Puts right how much of events a segment holds. */
  #lookForEvents(segment: StoredSegment): void {
    const held = this.#tables.events.holds(segment.cameraId, segment);
    const holds = kindOf(segment.kind) === 'event' ? Math.max(held, HOLDS_EVENT) : held;
    if (holds === segment.holds) return;
    this.#tables.segments.putHolds(segment, holds);
    this.#tables.usage.remove(segment);
    this.#tables.usage.add({ ...segment, holds });
  }

  #discard({ volume, path }: FileKey, cause: 'retention' | 'deleted'): void {
    const volumeId = this.#tables.names.volumeId(volume);
    const segment = this.#tables.segments.find(volumeId, path);
    if (segment === undefined) return;
    const isSpared = cause === 'retention' && (segment.isOpen || segment.holds === HOLDS_KEPT_EVENT);
    if (isSpared) return;
    this.#tables.garbage.add(volumeId, path);
    for (const interval of this.#delete(segment))
      this.#tables.gaps.addJoined(segment.cameraId, interval, cause);
    // What moved is told for as long as there is anything to look at.
    const oldestMs = this.#tables.spans.firstStartMs(segment.cameraId);
    if (oldestMs !== undefined) this.#tables.motion.forgetBefore(segment.cameraId, oldestMs);
  }

  #move(from: FileKey, to: FileKey): void {
    const fromId = this.#tables.names.volumeId(from.volume);
    const toId = this.#tables.names.volumeId(to.volume);
    const segment = this.#tables.segments.find(fromId, from.path);
    const copy = this.#tables.segments.find(toId, to.path);
    if (segment === undefined) {
      // Discarded while it was copied. Or this is told again, and it is moved already.
      if (copy === undefined) this.#tables.garbage.add(toId, to.path);
      return;
    }
    if (copy?.id === segment.id) return;
    // Start-up found the copy of a move that was broken off, and took it for a segment of its own.
    if (copy !== undefined) this.#delete(copy);
    this.#tables.segments.move(segment, toId, to.path);
    this.#tables.usage.remove(segment);
    this.#tables.usage.add({ ...segment, volumeId: toId });
    this.#tables.garbage.add(fromId, from.path);
    this.#tables.garbage.delete(toId, to.path);
  }

  /** @returns what no other segment covers of it. */
  #delete(segment: StoredSegment): readonly Interval[] {
    this.#tables.segments.delete(segment);
    this.#tables.usage.remove(segment);
    return segment.recorded.flatMap((interval) => this.#tables.spans.remove(segment.cameraId, interval));
  }
}
