import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { describeError } from '../../base/error.ts';
import type { ExplainedJson } from '../../control/changes.ts';
import type { ExplainedNotice } from '../api/explained.ts';
import { webSocketOnly } from '../http-error.ts';
import { KeptSocket } from '../kept-socket.ts';
import type { WebServices } from '../services.ts';

type ExplainedServices = Pick<WebServices, 'link' | 'clock' | 'log'>;

const params = z.object({ camera: z.string().max(200) });
/** Pictures that are not read in time are left out. */
const MAX_UNREAD_BYTES = 256 * 1024;

/** `api/cameras/:camera/explained`: the laboratory's four pictures, live, to set up motion by. */
export function explainedRoutes({ link, clock, log }: ExplainedServices): FastifyPluginAsyncZod {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/cameras/:camera/explained',
      config: { access: { role: 'viewer', camera: 'camera' } },
      schema: { hide: true, params },
      handler: async () => Promise.reject(webSocketOnly()),
      wsHandler: (webSocket, request) => {
        const { camera } = params.parse(request.params);
        const socket = new KeptSocket(webSocket, request.raw.socket, clock);
        const leaving = new AbortController();
        socket.onClose(() => leaving.abort());
        const show = ({ wallMs, score, isMotion, jpeg }: ExplainedJson) => {
          if (socket.unreadBytes > MAX_UNREAD_BYTES) return;
          socket.sendText(JSON.stringify({ wallMs, score, isMotion } satisfies ExplainedNotice));
          socket.sendBytes(Buffer.from(jpeg, 'base64'));
        };
        request.audit({ action: 'saw', camera, what: { kind: 'live-motion' } });
        link.followExplained(camera, show, leaving.signal).catch((error: unknown) => {
          log.debug(`explaining ${camera}: ${describeError(error)}`);
          socket.close('the camera is not being recorded');
        });
      },
    });
  };
}
