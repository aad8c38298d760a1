import type { RecordingMode } from '../config/recording-mode.ts';
import type { EventJson } from '../event/event-json.ts';

/** A recorder as other programs see it. */
export interface ControlledRecorder {
  /** Of every enabled camera, in the order of the configuration. */
  status(): readonly CameraStatusJson[];
  /**
   * Holds an event open.
   * @param camera one of `status`.
   * @param durationMs until `stopEvent` where there is none.
   */
  startEvent(camera: string, cause: string, durationMs: number | undefined): CameraStatusJson | 'too-many';
  stopEvent(camera: string, cause: string): CameraStatusJson | 'not-started';
}

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
  readonly video: { readonly codec: string; readonly width: number; readonly height: number } | null;
}

export interface StreamJson {
  readonly state: 'connecting' | 'playing' | 'waiting';
  /** Since when it plays. */
  readonly since?: string;
  /** Why the last attempt failed. */
  readonly reason?: string;
}
