import { z } from 'zod';

/* `api/layouts`: how the user has arranged the live cameras; read and written as a whole. */

const cameras = z.array(z.string().min(1).max(200)).max(256);

const layout = z.object({
  name: z.string().trim().min(1).max(80),
  /** In their order. Those that there are no more are passed over. */
  cameras,
});

export const arrangement = z.object({
  /** The order of all cameras; those that are not in it come behind, in the order of the configuration. */
  order: cameras,
  layouts: z
    .array(layout)
    .max(50)
    .refine((layouts) => new Set(layouts.map(({ name }) => name)).size === layouts.length, {
      message: 'two layouts have the same name',
    }),
});

export type Layout = z.infer<typeof layout>;
export type Arrangement = z.infer<typeof arrangement>;
