import type { RecordingMode } from '../config/recording-mode.ts';
import type { WallMs } from '../base/time.ts';
import type { EventJson } from '../event/event-json.ts';
import type { LiveStream } from '../media/live-feed.ts';
import type { ChangeJson, ExplainedJson, MotionJson } from './changes.ts';

/** A recorder as other programs see it. */
export interface ControlledRecorder {
  /** Of every enabled camera, in the order of the configuration. */
  status(): readonly CameraStatusJson[];
  meters(): MetersJson;
  /**
   * Holds an event open.
   * @param camera one of `status`.
   * @param durationMs until `stopEvent` where there is none.
   */
  startEvent(camera: string, cause: string, durationMs: number | undefined): CameraStatusJson | 'too-many';
  stopEvent(camera: string, cause: string): CameraStatusJson | 'not-started';
  /**
   * Keeps an event's recordings from being deleted by any rule, or lets them go again.
   * @throws IndexError; an error of the system.
   */
  keepEvent(camera: string, triggerWallMs: WallMs, isKept: boolean): Promise<'done' | 'unknown'>;
  /**
   * Deletes an event, and the recordings that were made for it alone; neither one that goes on nor one that is kept.
   * @throws IndexError; an error of the system.
   */
  deleteEvent(camera: string, triggerWallMs: WallMs): Promise<'done' | 'unknown' | 'open' | 'kept'>;
  /** Tells all cameras at once, then what changes, until disposed of. */
  follow(listener: (change: ChangeJson) => void): Disposable;
  /** Tells what moves on one of the cameras, a few times a second, until disposed of. */
  followMotion(camera: string, listener: (motion: MotionJson) => void): Disposable;
  /** Tells how the detector of one of the cameras sees its pictures, until disposed of. */
  followExplained(camera: string, listener: (explained: ExplainedJson) => void): Disposable;
  /** Of one of the cameras; main also for the sub-stream of one that has none. */
  live(camera: string, stream: StreamName): LiveStream;
}

export type StreamName = 'main' | 'sub';

/** A camera at a glance; times in ISO 8601, UTC. */
export interface CameraStatusJson {
  readonly camera: string;
  readonly stream: StreamJson;
  readonly mode: RecordingMode;
  readonly recording: boolean;
  /** Why its footage cannot be written at present, if that is so. */
  readonly failure: string | null;
  /** The causes for which events are held open; also while the camera is away, so that there is no event. */
  readonly held: readonly string[];
  /** The event going on. */
  readonly event: EventJson | null;
  /** Of the main stream, while it plays. */
  readonly video: { readonly codec: string; readonly width: number; readonly height: number } | null;
  readonly audio: { readonly codec: string; readonly rate: number; readonly channels: number } | null;
  /** Whether there is a sub-stream to be watched. */
  readonly hasSub: boolean;
  /** The streams that FFmpeg reads, since when, and why our own client does not. */
  readonly fallbacks: readonly {
    readonly stream: StreamName;
    readonly reason: string;
    readonly since: string;
  }[];
  /** What it takes to look for motion; null until that is known. */
  readonly analysis: {
    /** CPU that a second of video takes if all of it is looked at, in ms. */
    readonly cpuMs: number;
    /** Of what should have been looked at, how much was left out because there was no CPU for it. */
    readonly leftOutPercent: number;
  } | null;
}

export interface StreamJson {
  readonly state: 'connecting' | 'playing' | 'waiting';
  /** Since when it plays. */
  readonly since?: string;
  /** Why the last attempt failed. */
  readonly reason?: string;
}

/** What has been counted so far: two answers give what comes in a second. */
export interface MetersJson {
  /** Since the recorder was started. */
  readonly upMs: number;
  /** Of every enabled camera, in the order of the configuration. */
  readonly cameras: readonly CameraMeterJson[];
}

/** What came of a camera's main stream since it was started: of all tracks, and the pictures among it. */
export interface CameraMeterJson {
  readonly camera: string;
  readonly bytes: number;
  readonly pictures: number;
}
