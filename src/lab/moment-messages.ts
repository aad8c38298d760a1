import type { OrderFailed } from '../base/take-order.ts';
import type { EventConfig, MotionConfig } from '../config/config.ts';

/* What the web server and the process that explains a moment say to each other over the channel between them. */

/** Comes first, and is all that is told. */
export interface MomentOrder {
  readonly event: EventConfig;
  readonly motion: MotionConfig;
  /** In order of time; what comes before the moment is there for detectors that learn. */
  readonly files: readonly MomentFile[];
  /** Pictures are told from the first to before the second. */
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

export interface MomentFile {
  readonly path: string;
  /** When its first picture was taken. */
  readonly startWallMs: number;
  /** What is decoded begins with a key picture this long after that. */
  readonly keyMs: number;
  /** Whether it goes on from the file before it without a gap. */
  readonly isContinued: boolean;
}

/** A picture as the detector sees it. */
export interface ExplainedPicture {
  readonly wallMs: number;
  readonly score: number;
  /** From which score on it is motion. */
  readonly neededScore: number;
  readonly isMotion: boolean;
  /** The four pictures. */
  readonly jpeg: Uint8Array;
}

export type MomentFinding =
  | { readonly type: 'picture'; readonly picture: ExplainedPicture }
  /** One of the files, of which nothing is told; the reason, for people, names it. */
  | { readonly type: 'unreadable'; readonly path: string; readonly reason: string };

export type FromMomentExplainer =
  | MomentFinding
  /** One of these comes last. */
  | { readonly type: 'done' }
  | OrderFailed;
