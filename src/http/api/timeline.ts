import { z } from 'zod';
import { gapDetail } from './gap-detail.ts';

/*
 * `GET api/timeline`: recordings, gaps, events and motion of cameras in a span of time. Spans are rows of numbers one behind the
 * other, their times in ms since `fromMs` (negative where something begins before): a day of 16 cameras with 500 events
 * each is 200 kB so, and 1 MB as objects.
 */

const moment = z.coerce.number().int().min(0).max(8.64e15);
const camera = z.string().min(1).max(200);

export const timelineQuery = z.object({
  from: moment,
  to: moment,
  /** Named again and again; all that the user may see without one. */
  camera: z
    .union([camera, z.array(camera).max(256)])
    .transform((names) => [names].flat())
    .optional(),
  /** What is shorter may be told together with what lies beside it (`playback/timeline-levels`); 0 tells everything. */
  resolution: z.coerce.number().int().min(0).max(86_400_000).default(0),
});

export type TimelineQuery = z.infer<typeof timelineQuery>;

export const cameraTimeline = z.object({
  camera: z.string(),
  /** Start, length, how much of it is recorded (less where several spans are told as one). */
  recorded: z.array(z.number()),
  /** Start, length, how much of it is missing, place in `reasons`. */
  gaps: z.array(z.number()),
  /** Start, length, trigger after the start, count, place in `labels`, 1 where one of them is kept. */
  events: z.array(z.number()),
  motion: z
    .object({
      startMs: z.number(),
      slotMs: z.number(),
      /** Base64: a byte a slot, as in `MotionRecord`. */
      intensity: z.string(),
    })
    .nullable(),
});

export const RECORDED_NUMBERS = 3;
export const GAP_NUMBERS = 4;
export const EVENT_NUMBERS = 6;

export const timelineAnswer = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  resolutionMs: z.number(),
  /** The recorder's clock, which what is to come is reckoned by. */
  nowMs: z.number(),
  /** Where the cameras are: an IANA name. */
  timeZone: z.string(),
  reasons: z.array(z.object({ cause: z.string(), detail: z.string(), what: gapDetail.optional() })),
  labels: z.array(z.object({ causes: z.array(z.string()), zones: z.array(z.string()) })),
  /** In the order in which they were asked for. */
  cameras: z.array(cameraTimeline),
});

export type TimelineAnswer = z.infer<typeof timelineAnswer>;

/** `GET api/timeline/neighbour`: the event before or after a moment. */
export const neighbourQuery = z.object({
  at: moment,
  direction: z.enum(['next', 'previous']),
  camera: timelineQuery.shape.camera,
});

export type NeighbourRequest = z.infer<typeof neighbourQuery>;

/** null: there is none. */
export const neighbourAnswer = z
  .object({ camera: z.string(), triggerMs: z.number(), startMs: z.number(), endMs: z.number() })
  .nullable();

export type NeighbourAnswer = z.infer<typeof neighbourAnswer>;
