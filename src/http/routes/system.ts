import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { systemAnswer } from '../api/system.ts';
import type { WebServices } from '../services.ts';
import { SystemReport } from '../system-report.ts';

/** How the machine and its recorder are, for administrators. */
export function systemRoutes(services: WebServices): FastifyPluginAsyncZod {
  const report = new SystemReport(services);
  return async (app) => {
    app.get(
      '/system',
      { config: { access: { role: 'admin' } }, schema: { response: { 200: systemAnswer } } },
      async () => await report.read(),
    );
  };
}
