import { z } from 'zod';

/* `GET api/cameras` and a camera's picture of now. What the recorder tells of a camera is passed on as it is. */

const stream = z.object({
  state: z.enum(['connecting', 'playing', 'waiting']),
  /** Since when it plays; ISO 8601. */
  since: z.string().optional(),
  /** Why the last attempt failed. */
  reason: z.string().optional(),
});

/** A camera at a glance; the same as `CameraStatusJson` of the recorder. */
export const cameraJson = z.object({
  camera: z.string(),
  stream,
  mode: z.enum(['always', 'always+motion', 'motion', 'off', 'timelapse', 'timelapse+motion']),
  recording: z.boolean(),
  /** Why its footage cannot be written at present. */
  failure: z.string().nullable(),
  /** The causes for which events are held open. */
  held: z.array(z.string()),
  /** The event going on. */
  event: z.looseObject({ id: z.string(), causes: z.array(z.string()) }).nullable(),
  /** Of the main stream, while it plays. */
  video: z.object({ codec: z.string(), width: z.number(), height: z.number() }).nullable(),
  audio: z.object({ codec: z.string(), rate: z.number(), channels: z.number() }).nullable(),
  hasSub: z.boolean(),
  /** The streams that FFmpeg reads, since when, and why our own client does not. */
  fallbacks: z.array(z.object({ stream: z.enum(['main', 'sub']), reason: z.string(), since: z.string() })),
  /** CPU in ms that looking for motion in a second of video takes, and how much was left out for want of it; null until that is known. */
  analysis: z.object({ cpuMs: z.number(), leftOutPercent: z.number() }).nullable(),
  /** From where to where there are recordings, in ms since 1970; null where there are none. */
  recorded: z.object({ fromMs: z.number(), toMs: z.number() }).nullable(),
});

export const camerasAnswer = z.object({
  /** Those that are recorded and that the user may see, in the order of the configuration. */
  cameras: z.array(cameraJson),
  /** Why the recorder does not answer; what is told is then as it was last. */
  away: z.string().nullable(),
});

export type CameraJson = z.infer<typeof cameraJson>;
export type CamerasAnswer = z.infer<typeof camerasAnswer>;

export const snapshotQuery = z.object({
  stream: z.enum(['main', 'sub']).default('main'),
  /** The greatest width, in pixels. */
  width: z.coerce.number().int().min(16).max(8192).default(8192),
});
