import { basename } from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { describeError } from '../../base/error.ts';
import { wallMs, type WallMs } from '../../base/time.ts';
import type { MomentFinding } from '../../lab/moment-messages.ts';
import { momentQuery, type MomentNotice } from '../api/moment.ts';
import { webSocketOnly } from '../http-error.ts';
import { KeptSocket } from '../kept-socket.ts';
import { MomentExplainer } from '../moment-explainer.ts';
import { momentFactsOf } from '../moment-facts.ts';
import { MomentPictures } from '../moment-pictures.ts';
import type { WebServices } from '../services.ts';

type MomentServices = Pick<WebServices, 'config' | 'index' | 'programs' | 'clock' | 'log'>;

const params = z.object({ camera: z.string().max(200) });

/** `api/cameras/:camera/moment`: why there was or was not an event. */
export function momentRoutes({ config, index, programs, clock, log }: MomentServices): FastifyPluginAsyncZod {
  const volumes = () => config().archive.volumes;
  const explainer = new MomentExplainer({ program: programs.moment, index, volumes, clock });

  async function explain(name: string, at: WallMs, socket: KeptSocket, signal: AbortSignal): Promise<void> {
    const { cameras, archive } = config();
    const camera = cameras.find((one) => one.name === name);
    if (camera === undefined) return socket.close('there is no such camera in the configuration');
    const tell = (notice: MomentNotice) => socket.sendText(JSON.stringify(notice));
    tell({ t: 'facts', facts: await momentFactsOf(index, camera, at, archive.timeZone) });
    if (explainer.isBusy) return tell({ t: 'end', problem: 'busy' });
    const pictures = new MomentPictures(socket);
    const warn = (what: string) => log.warn(`explaining ${name} at ${new Date(at).toISOString()}: ${what}`);
    const hear = (finding: MomentFinding) => {
      if (finding.type === 'picture') return pictures.show(finding.picture);
      warn(finding.reason);
      tell({ t: 'unreadable', file: basename(finding.path) });
    };
    const problem = await explainer.explain(camera, at, hear, signal);
    if (problem !== undefined) warn(problem);
    await pictures.sent;
    tell({ t: 'end', problem: problem === undefined ? null : 'failed' });
  }

  return async (server) => {
    server.route({
      method: 'GET',
      url: '/cameras/:camera/moment',
      config: { access: { role: 'viewer', camera: 'camera' } },
      schema: { hide: true, params, querystring: momentQuery },
      handler: async () => Promise.reject(webSocketOnly()),
      wsHandler: (webSocket, request) => {
        const { camera } = params.parse(request.params);
        const { at } = momentQuery.parse(request.query);
        const socket = new KeptSocket(webSocket, request.raw.socket, clock);
        const leaving = new AbortController();
        socket.onClose(() => leaving.abort());
        request.audit({ action: 'saw', camera, what: { kind: 'motion-at', atMs: at } });
        explain(camera, wallMs(at), socket, leaving.signal).catch((error: unknown) => {
          log.warn(`explaining ${camera}: ${describeError(error)}`);
          socket.close('what was recorded then could not be looked up');
        });
      },
    });
  };
}
