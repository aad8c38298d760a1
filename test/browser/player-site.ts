import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { build } from 'vite';
import { writeIdentity } from '../../src/archive/volume-identity.ts';
import { systemClock } from '../../src/base/clock.ts';
import { wallMs, type WallMs } from '../../src/base/time.ts';
import type { Config } from '../../src/config/config.ts';
import { accessTo } from '../../src/db/index-access.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { obtainClip, writeClip } from '../../src/demo/clip-cache.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { encodeClip } from '../../src/demo/encode-clip.ts';
import { footageRoutes } from '../../src/http/routes/footage.ts';
import { recordClip, type ClipFootageOptions } from '../footage/clip-footage.ts';

/** A camera of the site: a clip and when it was recorded. */
export interface SiteCamera {
  readonly camera: string;
  readonly spec: ClipSpec;
  readonly startWallMs: number;
  readonly minutes: readonly number[];
}

/** The playback player alone on a page, before a server that has nothing but footage. */
export interface PlayerSite extends AsyncDisposable {
  readonly url: string;
  readonly cameras: ReadonlyMap<string, ClipFootageOptions>;
  readonly index: SqliteIndex;
}

export async function startPlayerSite(cameras: readonly SiteCamera[]): Promise<PlayerSite> {
  const folder = await mkdtemp(join(tmpdir(), 'preroll-player-'));
  const root = join(folder, 'archive');
  await mkdir(root);
  const volume = { id: await writeIdentity(root), path: root };
  const index = SqliteIndex.open(join(folder, 'preroll.db'));
  index.apply([{ type: 'volume', volume }]);
  const recorded = new Map<string, ClipFootageOptions>();
  for (const { camera, spec, startWallMs, minutes } of cameras) {
    const clip = await obtainClip({
      spec,
      cacheDir: join(process.cwd(), 'node_modules', '.cache', 'clips'),
      make: async (wanted, path, onProgress) => await writeClip(encodeClip(wanted, onProgress), path),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    const options = { clip, volume, camera, startWallMs: startOf(startWallMs), minutes };
    const segments = await recordClip(options);
    index.apply(segments.map((segment) => ({ type: 'segment', segment })));
    recorded.set(camera, options);
  }
  const server = fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  // What the routes ask of the configuration; who may see what is tried elsewhere.
  const config = { archive: { volumes: [{ path: root }] } } as unknown as Config;
  server.decorateRequest('audit', () => undefined);
  await server.register(footageRoutes({ index: accessTo(index), config: () => config, clock: systemClock }), {
    prefix: '/api',
  });
  const player = await bundlePlayer();
  server.get('/player.js', (_request, reply) => reply.header('content-type', 'text/javascript').send(player));
  server.get('/', (_request, reply) => reply.header('content-type', 'text/html').send(PAGE));
  await server.listen({ host: '127.0.0.1', port: 0 });
  // Listening on TCP.
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    cameras: recorded,
    index,
    async [Symbol.asyncDispose]() {
      server.server.closeAllConnections();
      await server.close();
      index.close();
      await rm(folder, { recursive: true, force: true });
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

function startOf(ms: number): WallMs {
  return wallMs(ms);
}
