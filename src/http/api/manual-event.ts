import { z } from 'zod';

/** `PUT api/cameras/:camera/manual-event`: opens an event by hand, or ends it; so much for both is answered. */
export const manualEvent = z.object({ isOn: z.boolean() });

export type ManualEvent = z.infer<typeof manualEvent>;
