import type { WallMs } from '../base/time.ts';
import type { IndexWrite } from './index-write.ts';
import type {
  EventRecord,
  FallbackRecord,
  FileKey,
  GapRecord,
  MotionRecord,
  RunRecord,
  SegmentKind,
  SegmentRecord,
  VolumeRecord,
} from './records.ts';

/** A half-open span of time, and the cameras it is asked of; all of them where none is named. */
export interface Extent {
  readonly cameras?: readonly string[];
  readonly fromWallMs: WallMs;
  readonly toWallMs: WallMs;
}

export interface Span {
  readonly startWallMs: WallMs;
  readonly endWallMs: WallMs;
}

/** One camera on the timeline. */
export interface CameraTimeline {
  readonly camera: string;
  /** Where there is footage (`recordedSpans`); touching segments are one span. */
  readonly recorded: readonly Span[];
  readonly gaps: readonly GapRecord[];
  /** Without thumbnails. */
  readonly events: readonly TimelineEvent[];
}

export interface TimelineEvent extends Span {
  readonly triggerWallMs: WallMs;
  readonly causes: readonly string[];
  readonly zones: readonly string[];
  readonly peakScore: number | undefined;
  readonly isKept: boolean;
}

/** An event without what tells it whole. */
export interface EventSummary extends TimelineEvent {
  readonly camera: string;
  readonly isOpen: boolean;
}

/** A page of events, the newest first: in the order of trigger and camera. What is undefined is not asked for. */
export interface EventPageQuery {
  readonly cameras: readonly string[];
  /** Triggers from then on, and before then. */
  readonly fromWallMs: WallMs;
  readonly toWallMs: WallMs;
  /** Only those that follow it in this order. */
  readonly after?: { readonly triggerWallMs: WallMs; readonly camera: string } | undefined;
  /** One of the event's. */
  readonly cause?: string | undefined;
  readonly zone?: string | undefined;
  readonly isKept?: boolean | undefined;
  readonly limit: number;
}

/** What one camera's recordings of a kind take on a volume: those that hold some of an event, and the others. */
export interface Usage {
  readonly camera: string;
  readonly volume: string;
  readonly kind: SegmentKind;
  readonly holdsEvent: boolean;
  readonly segments: number;
  readonly sizeBytes: number;
  readonly recordedMs: number;
  readonly oldestWallMs: WallMs;
  readonly newestWallMs: WallMs;
}

/** A segment as retention sees it. */
export interface SegmentSummary extends FileKey, Span {
  readonly camera: string;
  readonly kind: SegmentKind;
  readonly sizeBytes: number;
  readonly isOpen: boolean;
  /** Whether it was recorded for an event, or overlaps one. */
  readonly holdsEvent: boolean;
  /** Whether it holds some of an event that is kept by hand. */
  readonly isKept: boolean;
}

/** Where a segment stands in the order of age. */
export type SegmentPlace = Pick<SegmentSummary, 'startWallMs' | 'volume' | 'path'>;

/** What a camera's segments that began in one hour take on a volume, of those that the archive still has. */
export interface RecordedHour {
  readonly camera: string;
  readonly volume: string;
  readonly holdsEvent: boolean;
  /** A full hour since the epoch. */
  readonly startWallMs: WallMs;
  readonly sizeBytes: number;
}

export type {
  EventRecord,
  FallbackRecord,
  FileKey,
  GapRecord,
  MotionRecord,
  RunRecord,
  SegmentKind,
  SegmentRecord,
  VolumeRecord,
};

/**
 * The index of the archive. Answers are consistent with all batches applied before. Spans that are asked for bring
 * everything that overlaps them, in order of time.
 */
export interface ArchiveIndex {
  /** In one transaction. @throws IndexError `locked` when another process holds the database; nothing is applied then. */
  apply(writes: readonly IndexWrite[]): void;

  volumes(): readonly VolumeRecord[];
  /** Names, in alphabetical order. */
  cameras(): readonly string[];
  segment(file: FileKey): SegmentRecord | undefined;
  segments(extent: Extent): readonly SegmentRecord[];
  /** In the order of volume and path, a page at a time: those after `after`. */
  segmentsByPath(after: FileKey | undefined, limit: number): readonly SegmentRecord[];
  /** The paths alone of those of a volume that follow `after` there, a page at a time. */
  pathsAfter(after: FileKey, limit: number): readonly string[];
  openSegments(): readonly SegmentRecord[];
  /**
   * The oldest first: in the order of start, volume and path. `beforeWallMs`: only those that ended before. `after`: only
   * those that follow it in this order, whether it is still there or not.
   */
  oldestSegments(query: {
    readonly camera?: string;
    readonly volume?: string;
    readonly kind?: SegmentKind;
    readonly holdsEvent?: boolean;
    readonly isKept?: boolean;
    readonly beforeWallMs?: WallMs;
    readonly after?: SegmentPlace;
    readonly limit: number;
  }): readonly SegmentSummary[];
  garbage(): readonly FileKey[];
  runs(extent: Extent): readonly RunRecord[];
  events(extent: Extent): readonly EventRecord[];
  eventPage(query: EventPageQuery): readonly EventSummary[];
  gaps(extent: Extent): readonly GapRecord[];
  timeline(extent: Extent): readonly CameraTimeline[];
  /**
   * How much moved, in slots of `slotMs`, the strongest of each: one record a camera, of those of which something is
   * known, from where it is on.
   * @param slotMs a multiple of `MOTION_SLOT_MS`.
   */
  motion(extent: Extent, slotMs: number): readonly MotionRecord[];
  /** In the order of camera and stream. */
  fallbacks(): readonly FallbackRecord[];
  usage(): readonly Usage[];
  /** In order of time; hours without footage are left out. */
  recordedHours(extent: Extent): readonly RecordedHour[];
  /** As of the last `aged`. */
  agedTo(): WallMs | undefined;
  /** The last sign of life of a recorder. */
  lastAlive(): { readonly atWallMs: WallMs; readonly isLeaving: boolean } | undefined;
  /** What SQLite itself finds wrong with the file; empty when nothing. */
  integrityProblems(): readonly string[];
  close(): void;
}

/** What the index can be asked. */
export type IndexQuery = Exclude<keyof ArchiveIndex, 'apply' | 'close'>;

/** The same, asked of an index in another thread. Answers reject with an `IndexError`. */
export type IndexQueries = {
  readonly [Query in IndexQuery]: (
    ...parameters: Parameters<ArchiveIndex[Query]>
  ) => Promise<ReturnType<ArchiveIndex[Query]>>;
};
