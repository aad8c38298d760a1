import type { WallMs } from '../base/time.ts';
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

/**
 * A change of the index. Applied in order, in one transaction a batch; applying one twice does what applying it once
 * does.
 */
export type IndexWrite =
  | { readonly type: 'volume'; readonly volume: VolumeRecord }
  | { readonly type: 'run'; readonly run: RunRecord }
  /** Adds or replaces it, and puts right what is derived from it. */
  | { readonly type: 'segment'; readonly segment: SegmentRecord }
  /** Adds or replaces it; a thumbnail and `isKept` that the index has are not taken away by an event without them. */
  | { readonly type: 'event'; readonly event: EventRecord }
  | {
      readonly type: 'keep';
      readonly camera: string;
      readonly triggerWallMs: WallMs;
      readonly isKept: boolean;
    }
  /** There is no such event any more; footage stays. */
  | { readonly type: 'event-deleted'; readonly camera: string; readonly triggerWallMs: WallMs }
  /** Adds the gap or moves the end of the one that began then, either way. */
  | { readonly type: 'gap'; readonly gap: GapRecord }
  /** There was footage after all, or another cause from before on: the gap that was told to begin then goes. */
  | { readonly type: 'gap-withdrawn'; readonly camera: string; readonly startWallMs: WallMs }
  /** Adds to what is known of each slot; of what is told twice the more counts. */
  | { readonly type: 'motion'; readonly motion: MotionRecord }
  /** Adds or replaces it. */
  | { readonly type: 'fallback'; readonly fallback: FallbackRecord }
  | {
      readonly type: 'fallback-forgotten';
      readonly camera: string;
      readonly stream: FallbackRecord['stream'];
    }
  /** The recorder is alive, or is leaving properly. What comes after the last of these is a gap. */
  | { readonly type: 'alive'; readonly atWallMs: WallMs; readonly isLeaving: boolean }
  /** How far retention has let the archive age: the moment at which it reckons how old recordings are. */
  | { readonly type: 'aged'; readonly toWallMs: WallMs }
  /**
   * The files are to be deleted: rows out, garbage in, what they covered becomes gaps of this cause. With cause
   * `retention`, files that are open or that somebody has marked as kept since stay as they are.
   */
  | {
      readonly type: 'discard';
      readonly files: readonly FileKey[];
      readonly cause: 'retention' | 'deleted';
    }
  /** The files are gone, and their folders synced. */
  | { readonly type: 'discarded'; readonly files: readonly FileKey[] }
  /** The file lies elsewhere now, and the old one becomes garbage. Where `from` is not in the index, `to` does. */
  | { readonly type: 'moved'; readonly from: FileKey; readonly to: FileKey };
