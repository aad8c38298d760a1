import { z } from 'zod';

/*
 * `api/events`: the events of cameras, the newest first. One is named by its camera and its trigger, ms since 1970:
 * `api/events/front/1795834800000`.
 */

const moment = z.coerce.number().int().min(0).max(8.64e15);
const camera = z.string().min(1).max(200);
const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');

export const eventParams = z.object({ camera, trigger: moment });

export const eventsQuery = z.object({
  /** Named again and again; all that the user may see without one. */
  camera: z
    .union([camera, z.array(camera).max(256)])
    .transform((names) => [names].flat())
    .optional(),
  from: moment.optional(),
  to: moment.optional(),
  cause: z.string().min(1).max(64).optional(),
  zone: z.string().min(1).max(200).optional(),
  kept: yesOrNo.optional(),
  /** Only those that the user has not seen. */
  unseen: yesOrNo.optional(),
  /** In the note, in whatever case. */
  text: z.string().min(1).max(200).optional(),
  /** `next` of the page before. */
  after: z
    .string()
    .regex(/^\d{1,16}:.{1,200}$/s, 'expected what the page before called next')
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export type EventsQuery = z.infer<typeof eventsQuery>;

export const noteJson = z.object({ text: z.string(), author: z.string(), atMs: z.number() });

export const eventSummary = z.object({
  camera: z.string(),
  triggerMs: z.number(),
  /** From where to where footage was wanted. */
  startMs: z.number(),
  endMs: z.number(),
  isOpen: z.boolean(),
  causes: z.array(z.string()),
  zones: z.array(z.string()),
  /** The highest of the detector's; null where none was asked. */
  peakScore: z.number().nullable(),
  isKept: z.boolean(),
  isSeen: z.boolean(),
  note: noteJson.nullable(),
});

export type EventSummaryJson = z.infer<typeof eventSummary>;

export const eventsAnswer = z.object({
  events: z.array(eventSummary),
  /** For `after`; null on the last page. */
  next: z.string().nullable(),
});

export type EventsAnswer = z.infer<typeof eventsAnswer>;

export const eventAnswer = eventSummary.extend({
  score: z.number().nullable(),
  /** The event as its JSON file tells it. */
  detail: z.record(z.string(), z.unknown()),
});

export type EventAnswer = z.infer<typeof eventAnswer>;

export const thumbnailQuery = z.object({
  width: z.coerce.number().int().min(16).max(1_920).default(480),
  /** A moment of the event; without it that which shows most. */
  at: moment.optional(),
});

export const keptBody = z.strictObject({ kept: z.boolean() });
export const seenBody = z.strictObject({ seen: z.boolean() });
export const allSeenBody = z.strictObject({ until: z.number().int().min(0).max(8.64e15) });
export const noteBody = z.strictObject({ text: z.string().max(2_000) });
