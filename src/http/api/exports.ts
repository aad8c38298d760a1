import { z } from 'zod';

/* `api/exports`: spans of recordings as MP4 files, copied without decoding. Times in ms since 1970. */

const moment = z.number().int().min(0).max(8.64e15);

export const newExport = z.strictObject({
  cameras: z.array(z.string().min(1).max(200)).min(1).max(64),
  from: moment,
  to: moment,
  /** Time without footage: left out, or the picture before it stands. */
  gaps: z.enum(['skip', 'keep']).default('skip'),
});

export type NewExportJson = z.input<typeof newExport>;

const exportProblem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('not-recorded'),
    camera: z.string(),
    fromMs: z.number(),
    toMs: z.number(),
    message: z.string(),
  }),
  z.object({
    kind: z.enum(['nothing', 'outside', 'missing', 'damaged', 'changed', 'failed']),
    /** Not there where it is of none. */
    camera: z.string().optional(),
    /** In English. */
    message: z.string(),
  }),
]);

export const exportJson = z.object({
  id: z.string(),
  /** Who asked for it. */
  user: z.string(),
  createdMs: z.number(),
  cameras: z.array(z.string()),
  fromMs: z.number(),
  toMs: z.number(),
  gaps: z.enum(['skip', 'keep']),
  state: z.enum(['waiting', 'working', 'done', 'failed']),
  /** 0..1 */
  progress: z.number(),
  files: z.array(
    z.object({
      name: z.string(),
      camera: z.string(),
      sizeBytes: z.number(),
      sha256: z.string(),
      fromMs: z.number(),
      toMs: z.number(),
      lengthMs: z.number(),
    }),
  ),
  /** What is missing or damaged, and why it failed. */
  problems: z.array(exportProblem),
});

export type ExportJson = z.infer<typeof exportJson>;

export const exportsAnswer = z.object({ exports: z.array(exportJson) });
export type ExportsAnswer = z.infer<typeof exportsAnswer>;

export const exportParams = z.object({
  id: z.string().regex(/^[\w-]{1,32}$/, 'expected the id of an export'),
});
export const exportFileParams = exportParams.extend({ name: z.string().min(1).max(300) });
