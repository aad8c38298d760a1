import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { build } from 'vite';
import { systemClock } from '../../src/base/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { accessTo } from '../../src/db/index-access.ts';
import type { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { footageRoutes } from '../../src/http/routes/footage.ts';
import { makePicture } from '../../src/picture/make-picture.ts';
import type { PictureOrder } from '../../src/picture/messages.ts';
import type { ClipFootageOptions } from '../footage/clip-footage.ts';
import { makeSiteArchive, type SiteCamera } from './site-archive.ts';

/** The playback player alone on a page, before a server that has nothing but footage. */
export interface PlayerSite extends AsyncDisposable {
  readonly url: string;
  readonly cameras: ReadonlyMap<string, ClipFootageOptions>;
  readonly index: SqliteIndex;
}

export async function startPlayerSite(cameras: readonly SiteCamera[]): Promise<PlayerSite> {
  const archive = await makeSiteArchive(cameras);
  const { index, volume } = archive;
  const server = fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  // What the routes ask of the configuration; who may see what is tried elsewhere.
  const config = { archive: { volumes: [{ path: volume.path }] } } as unknown as Config;
  // A process of their own makes no difference to a page.
  const pictures = { make: async (order: PictureOrder) => makePicture(order) };
  server.decorateRequest('audit', () => undefined);
  const services = { index: accessTo(index), config: () => config, clock: systemClock, pictures };
  await server.register(footageRoutes(services), { prefix: '/api' });
  const player = await bundlePlayer();
  server.get('/player.js', (_request, reply) => reply.header('content-type', 'text/javascript').send(player));
  server.get('/', (_request, reply) => reply.header('content-type', 'text/html').send(PAGE));
  await server.listen({ host: '127.0.0.1', port: 0 });
  // Listening on TCP.
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    cameras: archive.cameras,
    index,
    async [Symbol.asyncDispose]() {
      server.server.closeAllConnections();
      await server.close();
      await archive[Symbol.asyncDispose]();
    },
  };
}

const PAGE = `<!doctype html><html><head><meta charset="utf-8"><title>player</title><style>
body { margin: 0; background: #111 } .box { position: relative; width: 640px; height: 360px }
</style></head><body><script type="module">
import * as player from './player.js';
window.playback = player;
</script></body></html>`;

async function bundlePlayer(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'web/player/playback/multi-player.ts', formats: ['es'], fileName: 'player' },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunk = outputs
    .flatMap((one) => ('output' in one ? one.output : []))
    .find(({ type }) => type === 'chunk');
  if (chunk?.type !== 'chunk') throw new Error('the player was not built');
  return chunk.code;
}
