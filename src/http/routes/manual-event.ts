import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { askRecorder } from '../../control/control-client.ts';
import { manualEvent } from '../api/manual-event.ts';
import { HttpError, noSuchCamera } from '../http-error.ts';
import { signalOf } from '../request-signal.ts';
import type { WebServices } from '../services.ts';

type ManualEventServices = Pick<WebServices, 'followed' | 'recorder'>;

/** Opens an event of a camera by hand, and ends it. */
export function manualEventRoutes({ followed, recorder }: ManualEventServices): FastifyPluginAsyncZod {
  return async (server) => {
    server.route({
      method: 'PUT',
      url: '/cameras/:camera/manual-event',
      config: { access: { role: 'operator', camera: 'camera' } },
      schema: {
        params: z.object({ camera: z.string().max(200) }),
        body: manualEvent,
        response: { 200: manualEvent },
      },
      handler: async (request) => {
        const { camera } = request.params;
        const { isOn } = request.body;
        if (followed.camera(camera) === undefined) throw noSuchCamera(camera);
        const path = `/api/cameras/${encodeURIComponent(camera)}/event/${isOn ? 'start' : 'stop'}`;
        const question = { method: 'POST', path, body: {} } as const;
        const { status } = await askRecorder(recorder, question, signalOf(request));
        // One that is over need not be ended.
        const isDone = status === 200 || (status === 404 && !isOn);
        if (!isDone)
          throw new HttpError(409, `No event of ${camera} could be opened: too many are held open.`, {
            reason: { code: 'events-full' },
          });
        request.audit({ action: 'changed', camera, what: { kind: isOn ? 'event-begun' : 'event-ended' } });
        return { isOn };
      },
    });
  };
}
