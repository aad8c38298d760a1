import { z } from 'zod';
import { RECORDING_MODES } from '../../config/recording-mode.ts';
import { PLAIN_GAP_KINDS } from '../../recording/gap-detail.ts';

/** What the recorder itself says of a gap beside its cause: as `GapDetail` of `src/recording`. */
export const gapDetail = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(PLAIN_GAP_KINDS) }),
  z.object({ kind: z.literal('held-up'), lateMs: z.number() }),
  /** Back where it is negative. */
  z.object({ kind: z.literal('clock-set'), byMs: z.number() }),
  z.object({ kind: z.literal('mode'), mode: z.enum(RECORDING_MODES) }),
]);

export type GapDetailJson = z.infer<typeof gapDetail>;

/** What is said of a gap, for people in English; and the same for programs where it is the recorder's own. */
export interface ToldGapDetail {
  readonly detail: string;
  readonly what?: GapDetailJson | undefined;
}
