import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { session, setupRequest, setupState } from '../api/account.ts';
import type { WebServices } from '../services.ts';
import { setSessionCookie } from '../session-cookie.ts';
import { doorOf } from './session.ts';

/** The first start: from no account to a signed-in administrator. */
export function setupRoutes({ accounts }: WebServices): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/setup',
      { config: { access: 'public' }, schema: { response: { 200: setupState } } },
      async () => ({
        isNeeded: !accounts.users.hasAdmin,
      }),
    );
    app.post(
      '/setup',
      { config: { access: 'public' }, schema: { body: setupRequest, response: { 201: session } } },
      async (request, reply) => {
        const { token, ...named } = request.body;
        setSessionCookie(request, reply, await accounts.setUp(token, named, doorOf(request)));
        const { name, role, cameras } = accounts.users.get(named.name);
        return await reply.status(201).send({ user: { name, role, cameras: cameras && [...cameras] } });
      },
    );
  };
}
