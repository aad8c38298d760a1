import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { User } from '../../account/user.ts';
import { idParams, madeToken, newToken, tokens } from '../api/account.ts';
import { notThere } from '../http-error.ts';
import type { WebServices } from '../services.ts';

/** Tokens, with which programs ask. A token makes no tokens. */
export function tokenRoutes({ accounts }: WebServices): FastifyPluginAsyncZod {
  return async (app) => {
    const config = { access: { role: 'viewer', session: true } } as const;

    app.get('/tokens', { config, schema: { response: { 200: tokens } } }, async ({ user }) =>
      accounts.tokens.list(reachOf(user)).map(({ seenMs, cameras, ...token }) => ({
        ...token,
        cameras: cameras === null ? null : [...cameras],
        lastUsedMs: seenMs,
      })),
    );

    app.post(
      '/tokens',
      { config, schema: { body: newToken, response: { 201: madeToken } } },
      async (request, reply) => {
        const token = accounts.tokens.add(request.user, request.body);
        request.audit({
          action: 'changed',
          what: { kind: 'token-made', name: request.body.name, role: request.body.role },
        });
        return await reply.status(201).send({ token });
      },
    );

    app.delete('/tokens/:id', { config, schema: { params: idParams } }, async (request, reply) => {
      const name = accounts.tokens.remove(request.params.id, reachOf(request.user));
      if (name === undefined) throw notThere('no such token');
      request.audit({ action: 'deleted', what: { kind: 'token', name } });
      return await reply.status(204).send();
    });
  };
}

/** Whose tokens he manages; null for everybody's. */
function reachOf(user: User): number | null {
  return user.may('admin') ? null : user.id;
}
