import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { UserRecord } from '../../account/user-table.ts';
import { newUser, user, userChange, userParams, users, type UserJson } from '../api/account.ts';
import type { WebServices } from '../services.ts';

/** The accounts, for administrators. */
export function userRoutes({ accounts }: WebServices): FastifyPluginAsyncZod {
  return async (app) => {
    const jsonOf = ({ id, name, role, cameras, createdMs }: UserRecord): UserJson => ({
      name,
      role,
      cameras: cameras === null ? null : [...cameras],
      createdMs,
      lastSeenMs: accounts.sessions.ofUser(id)[0]?.seenMs ?? null,
    });
    const config = { access: { role: 'admin', session: true } } as const;

    app.get('/users', { config, schema: { response: { 200: users } } }, async () =>
      accounts.users.all().map(jsonOf),
    );

    app.post(
      '/users',
      { config, schema: { body: newUser, response: { 201: user } } },
      async (request, reply) => {
        const { role, cameras, ...named } = request.body;
        const made = await accounts.addUser(named, { role, cameras });
        request.audit({ action: 'changed', what: { kind: 'account-made', name: made.name, role } });
        return await reply.status(201).send(jsonOf(made));
      },
    );

    app.patch(
      '/users/:name',
      { config, schema: { params: userParams, body: userChange, response: { 200: user } } },
      async (request) => {
        const record = accounts.users.get(request.params.name);
        const { password, role = record.role, cameras = record.cameras } = request.body;
        accounts.users.setRights(record, { role, cameras });
        request.audit({
          action: 'changed',
          what: { kind: 'account-rights', name: record.name, role, cameras },
        });
        if (password !== undefined) {
          await accounts.resetPassword(record, password);
          request.audit({ action: 'changed', what: { kind: 'account-password', name: record.name } });
        }
        return jsonOf(accounts.users.get(record.name));
      },
    );

    app.delete('/users/:name', { config, schema: { params: userParams } }, async (request, reply) => {
      const record = accounts.users.get(request.params.name);
      accounts.users.remove(record);
      request.audit({ action: 'deleted', what: { kind: 'account', name: record.name } });
      return await reply.status(204).send();
    });
  };
}
