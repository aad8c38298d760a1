import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { logAnswer, logQuery } from '../api/logs.ts';
import { readLog, wholeLog } from '../read-log.ts';
import type { WebServices } from '../services.ts';

const OF_ADMINS = { access: { role: 'admin' } } as const;

/** The recorder's log, for administrators. */
export function logRoutes({ clock, config }: Pick<WebServices, 'clock' | 'config'>): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/logs',
      { config: OF_ADMINS, schema: { querystring: logQuery, response: { 200: logAnswer } } },
      async ({ query }) => await readLog(config(), query),
    );

    app.get('/logs/file', { config: OF_ADMINS }, async (request, reply) => {
      const lines = await wholeLog(config());
      request.audit({ action: 'exported', what: { kind: 'log' } });
      const name = `preroll-${new Date(clock.wallMs()).toISOString().slice(0, 10)}.log`;
      return await reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .type('text/plain; charset=utf-8')
        .send(Readable.from(lines));
    });
  };
}
