import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { cameraRoutes } from './routes/cameras.ts';
import { changesRoutes } from './routes/changes.ts';
import { explainedRoutes } from './routes/explained.ts';
import { footageRoutes } from './routes/footage.ts';
import { layoutRoutes } from './routes/layouts.ts';
import { liveRoutes } from './routes/live.ts';
import { manualEventRoutes } from './routes/manual-event.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { watchedAreaRoutes } from './routes/watched-areas.ts';
import type { WebServices } from './services.ts';

/** Everything below `api/`; a line for each file of `routes/`. */
export function allRoutes(services: WebServices): readonly FastifyPluginAsyncZod[] {
  return [
    cameraRoutes(services),
    layoutRoutes(services),
    liveRoutes(services),
    manualEventRoutes(services),
    changesRoutes(services),
    explainedRoutes(services),
    footageRoutes(services),
    timelineRoutes(services),
    watchedAreaRoutes(services),
  ];
}
