import { z } from 'zod';

/* `api/logs`: the recorder's log, for administrators. */

const level = z.enum(['debug', 'info', 'warn', 'error']);
/** Where a line begins, as `api/logs` itself tells it. */
const place = z.string().regex(/^[0-9a-z]{1,16}-\d{1,15}$/);

export const logQuery = z.object({
  /** The least important that is wanted; lines that tell no level only without it. */
  level: level.optional(),
  camera: z.string().max(200).optional(),
  /** Is to be in the line, in upper or lower case. */
  text: z.string().max(200).optional(),
  /** Only older lines than the one there. */
  before: place.optional(),
  /** Only lines from there on. */
  after: place.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

const logLine = z.object({
  place,
  /** Ms since 1970; null where the line does not tell. */
  atMs: z.number().nullable(),
  level: level.nullable(),
  camera: z.string().nullable(),
  text: z.string(),
});

export const logAnswer = z.object({
  /** The newest first. Few of them, or none, do not mean that there are no more: see `older`. */
  lines: z.array(logLine),
  /** `before` for the lines that follow; null where there are none. */
  older: place.nullable(),
  /** `after` for what will be written; null where the log has gone on too far since then: ask without `after`. */
  newest: place.nullable(),
});

export type LogLine = z.infer<typeof logLine>;
export type LogAnswer = z.infer<typeof logAnswer>;
export type LogQuery = z.output<typeof logQuery>;
