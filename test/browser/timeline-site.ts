import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import websocket from '@fastify/websocket';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { Accounts } from '../../src/account/accounts.ts';
import { ExportTable } from '../../src/account/export-table.ts';
import { User } from '../../src/account/user.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Config } from '../../src/config/config.ts';
import { accessTo } from '../../src/db/index-access.ts';
import { readAppFiles } from '../../src/http/app-files.ts';
import { ExportJobs } from '../../src/http/export-jobs.ts';
import { appPage } from '../../src/http/routes/app-page.ts';
import { eventRoutes } from '../../src/http/routes/events.ts';
import { exportRoutes } from '../../src/http/routes/exports.ts';
import { footageRoutes } from '../../src/http/routes/footage.ts';
import { timelineRoutes } from '../../src/http/routes/timeline.ts';
import { forkPictureMaker, PictureMaker } from '../../src/picture/picture-maker.ts';
import { makeSiteArchive, type SiteArchive, type SiteCamera } from './site-archive.ts';

/** The app with its timeline, events and exports before an archive that was made up, without a recorder. */
export interface TimelineSite extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string;
  readonly archive: SiteArchive;
}

const SESSION = { user: { name: 'anna', role: 'admin', cameras: null } };

export async function startTimelineSite(cameras: readonly SiteCamera[]): Promise<TimelineSite> {
  const archive = await makeSiteArchive(cameras);
  const server = fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  const credential = { kind: 'session', id: 1 } as const;
  const anna = new User({ id: 1, name: 'anna', role: 'admin', cameras: null, credential });
  server.decorateRequest('user', { getter: () => anna });
  server.decorateRequest('audit', () => undefined);
  // All that the routes ask of the configuration; who may see what is tried elsewhere.
  const config = {
    cameras: cameras.map(({ camera }) => ({ name: camera })),
    archive: { timeZone: 'utc', volumes: [{ path: archive.volume.path }] },
    web: { folder: join(archive.volume.path, '..', 'web') },
  } as unknown as Config;
  const accounts = Accounts.open({ path: ':memory:', clock: systemClock });
  accounts.database
    .prepare("INSERT INTO user (id, name, role, created_ms) VALUES (1, 'anna', 'admin', 0)")
    .run();
  const pictures = new PictureMaker({
    makeChild: forkPictureMaker(join(process.cwd(), 'dist', 'picture-main.js'), systemClock),
    clock: systemClock,
  });
  const index = accessTo(archive.index);
  const exports = new ExportJobs({
    table: new ExportTable(accounts.database),
    index,
    config: () => config,
    clock: systemClock,
    log: silentLog,
  });
  const services = {
    index,
    config: () => config,
    exports,
    clock: systemClock,
    accounts,
    pictures,
    // Nobody changes the archive.
    recorder: { kind: 'file', path: join(archive.volume.path, 'no-recorder') },
  } as const;
  await server.register(websocket);
  await server.register(
    async (api) => {
      api.get('/session', async () => SESSION);
      api.get('/changes', { websocket: true }, () => undefined);
      await api.register(footageRoutes(services));
      await api.register(timelineRoutes(services));
      await api.register(eventRoutes(services));
      await api.register(exportRoutes(services));
    },
    { prefix: '/api' },
  );
  await server.register(appPage(await readAppFiles(join(process.cwd(), 'dist', 'web'))));
  await server.listen({ host: '127.0.0.1', port: 0 });
  // Listening on TCP.
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    archive,
    async [Symbol.asyncDispose]() {
      for (const socket of server.websocketServer.clients) socket.terminate();
      server.server.closeAllConnections();
      await server.close();
      await exports[Symbol.asyncDispose]();
      await pictures[Symbol.asyncDispose]();
      accounts[Symbol.dispose]();
      await archive[Symbol.asyncDispose]();
    },
  };
}
