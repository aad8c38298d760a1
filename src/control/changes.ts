import type { EventJson } from '../event/event-json.ts';
import type { NormalisedBox } from '../motion/motion-sample.ts';
import type { CameraStatusJson } from './controlled-recorder.ts';

/** What a recorder tells to those who follow its changes, one JSON object a line. */
export type ChangeJson =
  /** All cameras: first of all, and when cameras have come or gone. */
  | { readonly type: 'cameras'; readonly cameras: readonly CameraStatusJson[] }
  /** A camera's state is another one. */
  | { readonly type: 'camera'; readonly status: CameraStatusJson }
  | EventChangeJson
  | MotionJson
  /** The configuration was read anew: `problem` is null where it is in force, else the one before stays so. */
  | { readonly type: 'configuration'; readonly problem: string | null };

export interface EventChangeJson {
  readonly type: 'event';
  readonly camera: string;
  readonly change: 'begun' | 'updated' | 'ended';
  readonly event: EventJson;
}

/** How a detector saw a picture. */
export interface ExplainedJson {
  readonly type: 'explained';
  /** When the picture was taken, in ms since 1970. */
  readonly wallMs: number;
  readonly score: number;
  readonly isMotion: boolean;
  /** The four pictures of `preroll explain`, as JPEG in base64. */
  readonly jpeg: string;
}

/** What a detector said about a picture. */
export interface MotionJson {
  readonly type: 'motion';
  readonly camera: string;
  /** When the picture was taken, in ms since 1970. */
  readonly wallMs: number;
  readonly score: number;
  /** From which score on it is motion. */
  readonly neededScore: number;
  readonly isMotion: boolean;
  readonly boxes: readonly NormalisedBox[];
  readonly zones: readonly string[];
}
