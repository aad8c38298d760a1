import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { User } from '../../account/user.ts';
import { changesRequest, type ChangesNotice } from '../api/changes.ts';
import { webSocketOnly } from '../http-error.ts';
import { KeptSocket } from '../kept-socket.ts';
import type { WebServices } from '../services.ts';

type ChangesServices = Pick<WebServices, 'followed' | 'clock'>;

/** `api/changes`: a WebSocket on which a page hears what changes of what its user may see. */
export function changesRoutes({ followed, clock }: ChangesServices): FastifyPluginAsyncZod {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/changes',
      config: { access: { role: 'viewer' } },
      schema: { hide: true },
      handler: async () => Promise.reject(webSocketOnly()),
      wsHandler: (webSocket, request) => {
        const { user } = request;
        const socket = new KeptSocket(webSocket, request.raw.socket, clock);
        const tell = (notice: ChangesNotice) => socket.sendText(JSON.stringify(notice));
        const motion = new Map<string, Disposable>();
        const following = followed.follow((notice) => {
          const seen = asSeenBy(user, notice);
          if (seen !== undefined) tell(seen);
        });
        socket.onText((text) => {
          const wanted = new Set(
            camerasOf(text).filter((camera) => user.maySee(camera) && followed.camera(camera)),
          );
          for (const [camera, told] of motion) {
            if (wanted.has(camera)) continue;
            told[Symbol.dispose]();
            motion.delete(camera);
          }
          for (const camera of wanted) {
            if (!motion.has(camera)) motion.set(camera, followed.followMotion(camera, tell));
          }
        });
        socket.onClose(() => {
          following[Symbol.dispose]();
          for (const told of motion.values()) told[Symbol.dispose]();
        });
      },
    });
  };
}

/** What a user is told of a notice; undefined where it does not concern him. */
function asSeenBy(user: User, notice: ChangesNotice): ChangesNotice | undefined {
  if (notice.type === 'cameras') {
    return { ...notice, cameras: notice.cameras.filter(({ camera }) => user.maySee(camera)) };
  }
  return concerns(user, notice) ? notice : undefined;
}

function concerns(user: User, notice: Exclude<ChangesNotice, { readonly type: 'cameras' }>): boolean {
  if (notice.type === 'camera') return user.maySee(notice.status.camera);
  if (notice.type === 'event' || notice.type === 'motion') return user.maySee(notice.camera);
  // The problem of a configuration quotes what is written there.
  return notice.type === 'recorder-away' || user.may('admin');
}

/** Whose motion a page asks for; none for what is no such message. */
function camerasOf(text: string): readonly string[] {
  try {
    return changesRequest.parse(JSON.parse(text)).cameras;
  } catch {
    return [];
  }
}
