import { z } from 'zod';
import type { RecordingMode } from '../../config/recording-mode.ts';

/*
 * `GET api/cameras/:camera/moment?at=…`, a WebSocket: why there was or was not an event at a moment. It tells what is known of the
 * moment, then how the detector in force sees what was recorded around it, then that this is all, and nothing more.
 */

export const momentQuery = z.object({
  /** In ms since 1970, as all times here. */
  at: z.coerce.number().int().min(0).max(8.64e15),
});

/** What is known of a moment of a camera. */
export interface MomentFacts {
  readonly isRecorded: boolean;
  /** Why not, where it was not; `cause` as in `GapCause`. */
  readonly gap: { readonly cause: string; readonly detail: string } | null;
  /** The last one whose footage holds the moment. */
  readonly event: {
    readonly triggerMs: number;
    readonly untilMs: number;
    readonly causes: readonly string[];
    readonly zones: readonly string[];
  } | null;
  /** By the configuration in force now. */
  readonly mode: RecordingMode;
  /** What the detector saw at the time, in the ten seconds that hold the moment; `unwatched` also where it is not known any more. */
  readonly seen: 'unwatched' | 'still' | 'moving';
}

/** A picture; a binary message follows with the detector's four pictures of it as JPEG. */
export interface MomentPicture {
  readonly wallMs: number;
  readonly score: number;
  readonly neededScore: number;
  readonly isMotion: boolean;
}

export type MomentNotice =
  | { readonly t: 'facts'; readonly facts: MomentFacts }
  | { readonly t: 'picture'; readonly picture: MomentPicture }
  /** A recording of which nothing is shown: the name of its file; the log tells why. */
  | { readonly t: 'unreadable'; readonly file: string }
  /** `busy`: others are being explained; `failed`: the recordings could not be looked at, the log tells why. */
  | { readonly t: 'end'; readonly problem: 'busy' | 'failed' | null };
