import type { WallMs } from '../base/time.ts';

/*
 * What the index knows, as the rooms hand it over. Natural keys throughout, no row numbers: an index rebuilt from the
 * files alone holds the same records. Everything is told whole each time, so that telling it again changes nothing.
 */

/** Names a file of the archive. */
export interface FileKey {
  /** The identity of the volume it lies on. */
  readonly volume: string;
  /** Below the volume's folder, with `/` between its parts on every system. */
  readonly path: string;
}

/** A folder of the archive, usually a disk of its own. */
export interface VolumeRecord {
  /** Its identity, a UUID, which also stands in a file in the folder. */
  readonly id: string;
  /** Where it was mounted last, absolute. */
  readonly path: string;
}

/** One `moof` and `mdat` of a segment. */
export interface FragmentRecord {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** Media time of its first picture since the segment's start. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Whether its first picture is a key picture, so that playing can begin there. */
  readonly isKey: boolean;
}

/**
 * What a segment was recorded for: `continuous` (everything), `event` (what an event asked for), `timelapse` (key
 * pictures only).
 */
export type SegmentKind = 'continuous' | 'event' | 'timelapse';

/** A file of a recording, as far as it is surely on disk. */
export interface SegmentRecord extends FileKey {
  readonly camera: string;
  /** When its run began; together with the camera it names the run. */
  readonly runStartWallMs: WallMs;
  readonly startWallMs: WallMs;
  /** The end of the last fragment on disk. */
  readonly endWallMs: WallMs;
  /** Up to the end of the last fragment on disk. An open segment's file may be longer. */
  readonly sizeBytes: number;
  readonly kind: SegmentKind;
  /** Whether the recorder still writes to it, or did when it was killed. */
  readonly isOpen: boolean;
  /** Why it ended; undefined while it grows, and where nobody knows. */
  readonly endedBy: string | undefined;
  readonly video: {
    /** As in RFC 6381, such as `avc1.64001f`. */
    readonly codec: string;
    readonly widthPx: number;
    readonly heightPx: number;
  };
  readonly audio:
    { readonly codec: string; readonly sampleRateHz: number; readonly channels: number } | undefined;
  /** All of them, in order. */
  readonly fragments: readonly FragmentRecord[];
}

/** An unbroken session with a camera. Its key is the camera and the start. */
export interface RunRecord {
  readonly camera: string;
  readonly startWallMs: WallMs;
  /** Undefined while it lasts, and where the recorder was killed. */
  readonly endWallMs: WallMs | undefined;
  /** The `kind` and message of `media/run` RunEnd. */
  readonly endKind: string | undefined;
  readonly endMessage: string | undefined;
}

/** A span of interest. Its key is the camera and the trigger. */
export interface EventRecord {
  readonly camera: string;
  readonly triggerWallMs: WallMs;
  /** From where to where footage was wanted. */
  readonly fromWallMs: WallMs;
  readonly untilWallMs: WallMs;
  readonly isOpen: boolean;
  /** In the order of appearance: `motion`, `unwatched`, `loud`, `schedule`, `manual`, or what a rule calls it. */
  readonly causes: readonly string[];
  /** Names of zones, in the order in which they moved. */
  readonly zones: readonly string[];
  /** The detector's score that opened it, and the highest one; undefined where no detector was asked. */
  readonly score: number | undefined;
  readonly peakScore: number | undefined;
  /** Kept by hand: retention leaves its footage alone. */
  readonly isKept: boolean;
  /** The event as its JSON file tells it. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** A small JPEG of the trigger's moment. */
  readonly thumbnail: Uint8Array | undefined;
}

/**
 * Why a camera was not recorded.
 * - `disabled`: the configuration switches the camera off; `policy`: nothing was asked for (mode `motion` between
 *   events, mode `off`, a schedule).
 * - `starting`: the recorder was on its way to the camera for the first time; `unreachable`: no connection could be
 *   made; `stalled`: connected, and no media came; `camera`: the camera ended the session or sent what cannot be used.
 * - `clock`: the camera's or the host's clock jumped; `disk`: the archive took nothing; `overload`: the recorder was
 *   too slow.
 * - `shutdown`: the recorder had been stopped; `crash`: it had died, or the machine had no power.
 * - `retention`: it was recorded once, and has been deleted as configured; `deleted`: by hand, or by somebody else.
 * - `unknown`: the ledger was not kept (an index rebuilt from files alone).
 */
export type GapCause =
  | 'disabled'
  | 'policy'
  | 'starting'
  | 'unreachable'
  | 'stalled'
  | 'camera'
  | 'clock'
  | 'disk'
  | 'overload'
  | 'shutdown'
  | 'crash'
  | 'retention'
  | 'deleted'
  | 'unknown';

/** What one byte of a `MotionRecord` tells of. */
export const MOTION_SLOT_MS = 10_000;

/** How much moved before a camera, as far as it was watched. */
export interface MotionRecord {
  readonly camera: string;
  /** Of the first slot: a multiple of how long one is since the epoch. */
  readonly startWallMs: WallMs;
  /** A byte a slot: 0 nobody watched, 1 nothing moved, up to 255 everything did (`event/motion-intensity`). */
  readonly intensity: Uint8Array;
}

/** That FFmpeg's client reads an RTSP stream because our own one does not understand the camera. */
export interface Fallback {
  /** How our own client failed last; for people. */
  readonly reason: string;
  readonly sinceWallMs: WallMs;
  /** When our own client was tried last. */
  readonly triedWallMs: WallMs;
}

/** What is remembered of a stream's fallback. Its key is the camera and the stream. */
export interface FallbackRecord extends Fallback {
  readonly camera: string;
  readonly stream: 'main' | 'sub';
  /** Of the stream's address, by which it is known whether it is still the same: SHA-256, in hexadecimal. */
  readonly addressHash: string;
}

/** A stretch of time without a recording. Its key is the camera and the start; the end moves while it lasts. */
export interface GapRecord {
  readonly camera: string;
  readonly startWallMs: WallMs;
  readonly endWallMs: WallMs;
  readonly cause: GapCause;
  /** For people: the error's message, the policy's name. Empty where the cause says it all. */
  readonly detail: string;
}
