import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { PolygonConfig } from '../../config/config.ts';
import { watchedAreas } from '../api/watched-areas.ts';
import { noSuchCamera } from '../http-error.ts';
import type { WebServices } from '../services.ts';

/** Where motion is looked for in a camera's picture. */
export function watchedAreaRoutes({ config }: Pick<WebServices, 'config'>): FastifyPluginAsyncZod {
  return async (server) => {
    server.get(
      '/cameras/:camera/areas',
      {
        config: { access: { role: 'viewer', camera: 'camera' } },
        schema: { params: z.object({ camera: z.string().max(200) }), response: { 200: watchedAreas } },
      },
      async ({ params: { camera } }) => {
        const found = config().cameras.find(({ name }) => name === camera);
        if (found === undefined) throw noSuchCamera(camera);
        const { zones, masks } = found.motion;
        return {
          zones: zones.map(({ name, polygon }) => ({ name, polygon: corners(polygon) })),
          masks: masks.map(corners),
        };
      },
    );
  };
}

function corners(polygon: PolygonConfig): { x: number; y: number }[] {
  return polygon.map(({ x, y }) => ({ x, y }));
}
