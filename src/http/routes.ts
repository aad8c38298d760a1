import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { cameraRoutes } from './routes/cameras.ts';
import { changesRoutes } from './routes/changes.ts';
import { explainedRoutes } from './routes/explained.ts';
import { footageRoutes } from './routes/footage.ts';
import { liveRoutes } from './routes/live.ts';
import { timelineRoutes } from './routes/timeline.ts';
import type { WebServices } from './services.ts';

/** Everything below `api/`; a line for each file of `routes/`. */
export function allRoutes(services: WebServices): readonly FastifyPluginAsyncZod[] {
  return [
    cameraRoutes(services),
    liveRoutes(services),
    changesRoutes(services),
    explainedRoutes(services),
    footageRoutes(services),
    timelineRoutes(services),
  ];
}
