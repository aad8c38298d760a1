import { z } from 'zod';
import type { ChangeJson } from '../../control/changes.ts';

/** On `api/changes`: whose motion is wanted, instead of those asked for before. */
export const changesRequest = z.object({
  t: z.literal('motion'),
  cameras: z.array(z.string().max(200)).max(256),
});

export type ChangesRequest = z.infer<typeof changesRequest>;

/** What `api/changes` tells: the recorder's changes (of cameras the user may see), and whether there is a recorder. */
export type ChangesNotice =
  | ChangeJson
  /** The recorder does not answer; `cameras` follows when it does. */
  | { readonly type: 'recorder-away'; readonly reason: string };
