import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { LiveHub } from '../../live/live-hub.ts';
import { LivePlayer } from '../../live/live-player.ts';
import { webSocketOnly } from '../http-error.ts';
import { KeptSocket } from '../kept-socket.ts';
import type { WebServices } from '../services.ts';

type LiveServices = Pick<WebServices, 'link' | 'followed' | 'clock' | 'log'>;

/** `api/live`: a WebSocket for each player (design/live.md). */
export function liveRoutes({ link, followed, clock, log }: LiveServices): FastifyPluginAsyncZod {
  return async (server) => {
    const hasSub = (camera: string) => followed.camera(camera)?.hasSub;
    const hub = new LiveHub({ link, hasSub, clock, log });
    server.addHook('onClose', () => hub[Symbol.asyncDispose]());

    server.route({
      method: 'GET',
      url: '/live',
      config: { access: { role: 'viewer' } },
      schema: { hide: true },
      handler: async () => Promise.reject(webSocketOnly()),
      wsHandler: (webSocket, request) => {
        const socket = new KeptSocket(webSocket, request.raw.socket, clock);
        const player = new LivePlayer({
          socket,
          streams: hub,
          mayWatch: (camera) => request.user.maySee(camera),
          onWatch: (camera) => request.audit({ action: 'saw', camera, what: { kind: 'live' } }),
          clock,
        });
        socket.onText((text) => player.receive(text));
        socket.onClose(() => player[Symbol.dispose]());
      },
    });
  };
}
