import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Usage } from '../../db/archive-index.ts';
import { takeSnapshot } from '../../live/take-snapshot.ts';
import { camerasAnswer, snapshotQuery, type CameraJson } from '../api/cameras.ts';
import { noSuchCamera } from '../http-error.ts';
import { signalOf } from '../request-signal.ts';
import type { WebServices } from '../services.ts';

type CameraServices = Pick<WebServices, 'followed' | 'index' | 'link' | 'pictures' | 'clock'>;

/** The cameras, and what each of them shows now. */
export function cameraRoutes({
  followed,
  index,
  link,
  pictures,
  clock,
}: CameraServices): FastifyPluginAsyncZod {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/cameras',
      config: { access: { role: 'viewer' } },
      schema: { response: { 200: camerasAnswer } },
      handler: async ({ user }, reply) => {
        const usage = await index.usage();
        const cameras = followed.cameras
          .filter(({ camera }) => user.maySee(camera))
          .map((status) => ({
            ...status,
            held: [...status.held],
            recorded: recordedOf(usage, status.camera),
          }));
        void reply.header('cache-control', 'no-store');
        // As the recorder tells it; the schema takes an event as it is.
        return { cameras: cameras as CameraJson[], away: followed.awayReason ?? null };
      },
    });

    server.route({
      method: 'GET',
      url: '/cameras/:camera/snapshot',
      config: { access: { role: 'viewer', camera: 'camera' } },
      schema: { params: z.object({ camera: z.string().max(200) }), querystring: snapshotQuery },
      handler: async (request, reply) => {
        const { camera } = request.params;
        if (followed.camera(camera) === undefined) throw noSuchCamera(camera);
        const { stream, width: maxWidthPx } = request.query;
        const options = { watched: { camera, stream }, maxWidthPx, link, pictures, clock };
        const { jpeg, wallMs } = await takeSnapshot(options, signalOf(request));
        request.audit({ action: 'saw', camera, what: { kind: 'snapshot' } });
        return await reply
          .header('cache-control', 'no-store')
          .header('last-modified', new Date(wallMs).toUTCString())
          .type('image/jpeg')
          .send(Buffer.from(jpeg));
      },
    });
  };
}

function recordedOf(usage: readonly Usage[], camera: string): CameraJson['recorded'] {
  const own = usage.filter((one) => one.camera === camera);
  if (own.length === 0) return null;
  return {
    fromMs: Math.min(...own.map(({ oldestWallMs }) => oldestWallMs)),
    toMs: Math.max(...own.map(({ newestWallMs }) => newestWallMs)),
  };
}
