import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { WebServices } from './services.ts';

/** Everything below `api/`; a line for each file of `routes/`. */
export function allRoutes(_services: WebServices): readonly FastifyPluginAsyncZod[] {
  return [];
}
