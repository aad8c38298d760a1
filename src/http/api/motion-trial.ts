import { z } from 'zod';
import { changeBody } from './settings.ts';

/* `api/settings/motion-trial`: what other settings would have made of a camera's recordings. Times in ms since 1970. */

const moment = z.number().int().min(0).max(8.64e15);

export const newMotionTrial = changeBody.extend({
  camera: z.string().min(1).max(200),
  from: moment,
  to: moment,
});

const span = z.object({ startMs: z.number(), endMs: z.number() });

export const motionTrialJson = z.object({
  camera: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  state: z.discriminatedUnion('kind', [
    /** `progress`: 0..1 */
    z.object({ kind: z.literal('working'), progress: z.number() }),
    z.object({
      kind: z.literal('done'),
      result: z.object({
        counts: z.object({
          same: z.number(),
          changes: z.number(),
          appears: z.number(),
          vanishes: z.number(),
        }),
        /** Events that are not the same, the newest first. */
        rows: z.array(
          z.object({
            verdict: z.enum(['changes', 'appears', 'vanishes']),
            present: z.array(span),
            tried: z.array(span),
          }),
        ),
        files: z.number(),
        mediaMs: z.number(),
        failures: z.array(z.string()),
      }),
    }),
    z.object({ kind: z.literal('failed'), reason: z.string() }),
  ]),
});

/** The last one; null where there is none. */
export const motionTrialAnswer = z.object({ trial: motionTrialJson.nullable() });

export type NewMotionTrial = z.input<typeof newMotionTrial>;
export type MotionTrialJson = z.infer<typeof motionTrialJson>;
export type MotionTrialAnswer = z.infer<typeof motionTrialAnswer>;
