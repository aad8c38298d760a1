import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Door } from '../../account/accounts.ts';
import { checkPassword } from '../../account/passwords.ts';
import type { UserRights } from '../../account/user-table.ts';
import { idParams, passwordChange, session, sessions, signInRequest, type Session } from '../api/account.ts';
import { notThere } from '../http-error.ts';
import type { WebServices } from '../services.ts';
import { clearSessionCookie, setSessionCookie } from '../session-cookie.ts';

/** Signing in and out. */
export function sessionRoutes({ accounts }: WebServices): FastifyPluginAsyncZod {
  return async (app) => {
    const access = { role: 'viewer', session: true } as const;

    app.get(
      '/session',
      { config: { access: { role: 'viewer' } }, schema: { response: { 200: session } } },
      async ({ user }) => sessionJson(user),
    );

    app.post(
      '/session',
      { config: { access: 'public' }, schema: { body: signInRequest, response: { 200: session } } },
      async (request, reply) => {
        setSessionCookie(request, reply, await accounts.signIn(request.body, doorOf(request)));
        return sessionJson(accounts.users.get(request.body.name));
      },
    );

    app.delete('/session', { config: { access } }, async (request, reply) => {
      accounts.sessions.end(request.user.credential.id, request.user.id);
      request.audit({ action: 'signed-out', what: { kind: 'here' } });
      clearSessionCookie(request, reply);
      return await reply.status(204).send();
    });

    app.put(
      '/session/password',
      { config: { access }, schema: { body: passwordChange } },
      async (request, reply) => {
        const { password, newPassword } = request.body;
        checkPassword(newPassword, request.user.name, 'newPassword');
        await accounts.changePassword(request.user, password, newPassword, doorOf(request));
        request.audit({ action: 'changed', what: { kind: 'own-password' } });
        return await reply.status(204).send();
      },
    );

    app.get('/sessions', { config: { access }, schema: { response: { 200: sessions } } }, async ({ user }) =>
      accounts.sessions.ofUser(user.id).map(({ seenMs, agent, ...one }) => ({
        ...one,
        lastSeenMs: seenMs,
        browser: agent,
        isThisOne: one.id === user.credential.id,
      })),
    );

    app.delete('/sessions', { config: { access } }, async (request, reply) => {
      accounts.sessions.endAll(request.user.id);
      request.audit({ action: 'signed-out', what: { kind: 'everywhere' } });
      clearSessionCookie(request, reply);
      return await reply.status(204).send();
    });

    app.delete(
      '/sessions/:id',
      { config: { access }, schema: { params: idParams } },
      async (request, reply) => {
        const { id } = request.params;
        if (!accounts.sessions.end(id, request.user.id)) throw notThere('no such session');
        request.audit({ action: 'signed-out', what: { kind: 'another-session' } });
        return await reply.status(204).send();
      },
    );
  };
}

export function doorOf({ client, headers }: FastifyRequest): Door {
  return { address: client.address, agent: headers['user-agent'] ?? '' };
}

function sessionJson({ name, role, cameras }: UserRights & { readonly name: string }): Session {
  return { user: { name, role, cameras: cameras === null ? null : [...cameras] } };
}
