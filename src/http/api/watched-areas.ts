import { z } from 'zod';

const polygon = z.array(z.object({ x: z.number(), y: z.number() }));

/** `GET api/cameras/:camera/areas`: where motion is looked for, in parts of the picture from its left and top edge. */
export const watchedAreas = z.object({
  zones: z.array(z.object({ name: z.string(), polygon })),
  /** Nothing counts as motion there. */
  masks: z.array(polygon),
});

export type WatchedAreas = z.infer<typeof watchedAreas>;
