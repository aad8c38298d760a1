import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { ArrangementTable } from '../../account/arrangement-table.ts';
import { arrangement, type Arrangement } from '../api/layouts.ts';
import type { WebServices } from '../services.ts';

const NOTHING_ARRANGED: Arrangement = { order: [], layouts: [] };

/** How each user has arranged the live cameras. */
export function layoutRoutes({ accounts }: Pick<WebServices, 'accounts'>): FastifyPluginAsyncZod {
  return async (server) => {
    const table = new ArrangementTable(accounts.database);

    server.get(
      '/layouts',
      { config: { access: { role: 'viewer' } }, schema: { response: { 200: arrangement } } },
      async ({ user }) => {
        const text = table.of(user.id);
        return text === undefined ? NOTHING_ARRANGED : arrangement.parse(JSON.parse(text));
      },
    );

    server.put(
      '/layouts',
      {
        config: { access: { role: 'viewer' } },
        schema: { body: arrangement, response: { 200: arrangement } },
      },
      async ({ user, body }) => {
        table.set(user.id, JSON.stringify(body));
        return body;
      },
    );
  };
}
