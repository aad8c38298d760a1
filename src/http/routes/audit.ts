import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { audit, auditQuery } from '../api/account.ts';
import type { WebServices } from '../services.ts';

/** Who did what, for administrators. */
export function auditRoutes({ accounts }: WebServices): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/audit',
      {
        config: { access: { role: 'admin' } },
        schema: { querystring: auditQuery, response: { 200: audit } },
      },
      async ({ query: { beforeId, limit, user, camera, action } }) => {
        return [
          ...accounts.audit.entries({
            limit,
            ...(beforeId === undefined ? {} : { beforeId }),
            ...(user === undefined ? {} : { user }),
            ...(camera === undefined ? {} : { camera }),
            ...(action === undefined ? {} : { action }),
          }),
        ];
      },
    );
  };
}
