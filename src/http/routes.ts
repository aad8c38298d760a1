import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { footageRoutes } from './routes/footage.ts';
import { timelineRoutes } from './routes/timeline.ts';
import type { WebServices } from './services.ts';

/** Everything below `api/`; a line for each file of `routes/`. */
export function allRoutes(services: WebServices): readonly FastifyPluginAsyncZod[] {
  return [footageRoutes(services), timelineRoutes(services)];
}
