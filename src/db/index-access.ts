import type { ArchiveIndex, IndexQueries } from './archive-index.ts';
import type { IndexWrite } from './index-write.ts';

/** The index for those who do not care in which thread it lives. */
export interface IndexAccess extends IndexQueries {
  /** Resolves when the changes are committed. @throws IndexError. */
  apply(writes: readonly IndexWrite[]): Promise<void>;
}

/** An index of this thread. */
export function accessTo(index: ArchiveIndex): IndexAccess {
  const later =
    <Parameters extends readonly unknown[], Answer>(ask: (...parameters: Parameters) => Answer) =>
    async (...parameters: Parameters) =>
      ask(...parameters);
  return {
    apply: later((writes) => index.apply(writes)),
    volumes: later(() => index.volumes()),
    cameras: later(() => index.cameras()),
    segment: later((file) => index.segment(file)),
    segments: later((extent) => index.segments(extent)),
    pathsAfter: later((after, limit) => index.pathsAfter(after, limit)),
    segmentsByPath: later((after, limit) => index.segmentsByPath(after, limit)),
    openSegments: later(() => index.openSegments()),
    oldestSegments: later((query) => index.oldestSegments(query)),
    garbage: later(() => index.garbage()),
    runs: later((extent) => index.runs(extent)),
    events: later((extent) => index.events(extent)),
    eventPage: later((query) => index.eventPage(query)),
    gaps: later((extent) => index.gaps(extent)),
    timeline: later((extent) => index.timeline(extent)),
    motion: later((extent, slotMs) => index.motion(extent, slotMs)),
    fallbacks: later(() => index.fallbacks()),
    usage: later(() => index.usage()),
    recordedHours: later((extent) => index.recordedHours(extent)),
    agedTo: later(() => index.agedTo()),
    lastAlive: later(() => index.lastAlive()),
    integrityProblems: later(() => index.integrityProblems()),
  };
}
