import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { wallMs } from '../../base/time.ts';
import type { Clock } from '../../base/clock.ts';
import type { Footage } from '../../playback/footage.ts';
import { footageQuery, keysQuery, rangeParam, segmentParam } from '../api/footage.ts';
import { footageJsonOf, readSegmentName } from '../footage-json.ts';

export interface FootageRoutesOptions {
  readonly footage: Footage;
  readonly clock: Clock;
}

/**
 * What was written stays as it is, whatever is written after it. Kept for who is signed in: another session's cookie
 * makes another entry of the browser's cache.
 */
const FOREVER = 'private, max-age=31536000, immutable';
/** Pictures at a density: more may come into the span. */
const SOON_OLD_SECONDS = 300;
const SETTLED_MS = 60_000;

const camera = z.string().max(200);

/** A camera's recordings for the playback player: what there is, and its bytes. */
export const footageRoutes: FastifyPluginAsyncZod<FootageRoutesOptions> = async (
  server,
  { footage, clock },
) => {
  server.route({
    method: 'GET',
    url: '/api/cameras/:camera/footage',
    schema: { params: z.object({ camera }), querystring: footageQuery },
    handler: async ({ params, query }, reply) => {
      const nowWallMs = clock.wallMs();
      const span = { fromWallMs: wallMs(query.from), toWallMs: wallMs(query.to) };
      const window = await footage.window({ camera: params.camera, span, nowWallMs });
      return reply.header('cache-control', 'no-store').send(footageJsonOf(window, nowWallMs));
    },
  });

  server.route({
    method: 'GET',
    url: '/api/cameras/:camera/footage/:segment/init',
    schema: { params: z.object({ camera, segment: segmentParam }) },
    handler: async ({ params }, reply) => {
      const bytes = await footage.init(params.camera, readSegmentName(params.segment));
      return forever(reply).header('content-type', 'video/mp4').send(Buffer.from(bytes));
    },
  });

  server.route({
    method: 'GET',
    url: '/api/cameras/:camera/footage/:segment/fragments/:range',
    schema: { params: z.object({ camera, segment: segmentParam, range: rangeParam }) },
    handler: async ({ params }, reply) => {
      const [first = 0, last = first] = params.range.split('-').map(Number);
      const id = readSegmentName(params.segment);
      const { sizeBytes, bytes } = await footage.fragments(params.camera, id, { first, last });
      const stream = await begun(bytes);
      return forever(reply)
        .header('content-type', 'video/mp4')
        .header('content-length', sizeBytes)
        .send(stream);
    },
  });

  server.route({
    method: 'GET',
    url: '/api/cameras/:camera/footage/keys',
    schema: { params: z.object({ camera }), querystring: keysQuery },
    handler: async ({ params, query }, reply) => {
      const { from, to, every: everyMs, limit } = query;
      const grid = { fromWallMs: wallMs(from), toWallMs: wallMs(to), everyMs, limit };
      const stream = await begun(await footage.keys(params.camera, grid));
      const isSettled = to < clock.wallMs() - SETTLED_MS;
      return reply
        .header('cache-control', isSettled ? `private, max-age=${SOON_OLD_SECONDS}` : 'no-store')
        .header('vary', 'cookie')
        .header('content-type', 'application/octet-stream')
        .send(stream);
    },
  });
};

function forever(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', FOREVER).header('vary', 'cookie');
}

/**
 * A stream whose first bytes have been read: what is missing is told by a status, not by a torn answer. Who leaves is not
 * read for any more: fastify destroys the stream then.
 */
async function begun(bytes: AsyncGenerator<Uint8Array>): Promise<Readable> {
  const first = await bytes.next();
  const all = async function* () {
    if (first.done !== true) yield first.value;
    yield* bytes;
  };
  const stream = Readable.from(all(), { objectMode: false, highWaterMark: 65_536 });
  // Also before anything was read of it, when `all` has not begun and would end nothing.
  stream.once('close', () => void bytes.return(undefined));
  return stream;
}
