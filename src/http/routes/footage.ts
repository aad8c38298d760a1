import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { wallMs } from '../../base/time.ts';
import { findMounted } from '../../archive/mounted-volume.ts';
import type { PictureMaker } from '../../picture/picture-maker.ts';
import { Footage } from '../../playback/footage.ts';
import {
  footageQuery,
  FRAGMENTS_HEADER,
  fragmentsQuery,
  keysQuery,
  momentQuery,
  PICTURE_TIME_HEADER,
  pictureQuery,
  rangeParam,
  segmentParam,
} from '../api/footage.ts';
import { footageJsonOf, readSegmentName, segmentName } from '../footage-json.ts';
import { notThere } from '../http-error.ts';
import type { WebServices } from '../services.ts';

/**
 * What was written stays as it is, whatever is written after it. Kept for who is signed in: another session's cookie
 * makes another entry of the browser's cache.
 */
const FOREVER = 'private, max-age=31536000, immutable';
/** What more may come into, as pictures at a density do. */
const SOON_OLD_SECONDS = 300;
const SETTLED_MS = 60_000;

const camera = z.string();
const VIEWER = { config: { access: { role: 'viewer', camera: 'camera' } } } as const;

type FootageServices = Pick<WebServices, 'index' | 'config' | 'clock'> & {
  readonly pictures: Pick<PictureMaker, 'make'>;
};

/** A camera's recordings for the playback player: what there is, and its bytes. */
export function footageRoutes({ index, config, clock, pictures }: FootageServices): FastifyPluginAsyncZod {
  const footage = new Footage({ index, volumes: () => findMounted(config().archive.volumes) });
  const settling = (reply: FastifyReply, atMs: number): FastifyReply => {
    const isSettled = atMs < clock.wallMs() - SETTLED_MS;
    return reply
      .header('cache-control', isSettled ? `private, max-age=${SOON_OLD_SECONDS}` : 'no-store')
      .header('vary', 'cookie');
  };
  return async (app) => {
    app.route({
      ...VIEWER,
      method: 'GET',
      url: '/cameras/:camera/footage',
      schema: { params: z.object({ camera }), querystring: footageQuery },
      handler: async ({ params, query }, reply) => {
        const nowWallMs = clock.wallMs();
        const span = { fromWallMs: wallMs(query.from), toWallMs: wallMs(query.to) };
        const window = await footage.window({ camera: params.camera, span, nowWallMs });
        return reply.header('cache-control', 'no-store').send(footageJsonOf(window, nowWallMs));
      },
    });

    app.route({
      ...VIEWER,
      method: 'GET',
      url: '/cameras/:camera/footage/:segment/init',
      schema: { params: z.object({ camera, segment: segmentParam }) },
      handler: async (request, reply) => {
        const { params } = request;
        const bytes = await footage.init(params.camera, readSegmentName(params.segment));
        return forever(reply).header('content-type', 'video/mp4').send(Buffer.from(bytes));
      },
    });

    app.route({
      ...VIEWER,
      method: 'GET',
      url: '/cameras/:camera/footage/:segment/fragments/:range',
      schema: {
        params: z.object({ camera, segment: segmentParam, range: rangeParam }),
        querystring: fragmentsQuery,
      },
      handler: async (request, reply) => {
        const { params, query } = request;
        const [first = 0, last = first] = params.range.split('-').map(Number);
        const untilMs = query.until === undefined ? undefined : wallMs(query.until);
        const id = readSegmentName(params.segment);
        const { sizeBytes, bytes } = await footage.fragments(params.camera, id, { first, last, untilMs });
        const stream = await begun(bytes);
        request.audit(seen(params.camera));
        if (sizeBytes !== undefined) void reply.header('content-length', sizeBytes);
        return forever(reply).header('content-type', 'video/mp4').send(stream);
      },
    });

    app.route({
      ...VIEWER,
      method: 'GET',
      url: '/cameras/:camera/footage/moment',
      schema: { params: z.object({ camera }), querystring: momentQuery },
      handler: async (request, reply) => {
        const { params, query } = request;
        const found = await footage.moment(params.camera, wallMs(query.at));
        // Asked for before anybody knows whether there is any.
        if (found === undefined) return reply.code(204).header('cache-control', 'no-store').send();
        const stream = await begun(found.bytes);
        request.audit(seen(params.camera));
        return settling(reply, query.at)
          .header(FRAGMENTS_HEADER, `${segmentName(found.segment)}/${found.first}-${found.last}`)
          .header('content-type', 'video/mp4')
          .send(stream);
      },
    });

    app.route({
      ...VIEWER,
      method: 'GET',
      url: '/cameras/:camera/footage/keys',
      schema: { params: z.object({ camera }), querystring: keysQuery },
      handler: async (request, reply) => {
        const { params, query } = request;
        const { from, to, every: everyMs, limit } = query;
        const grid = { fromWallMs: wallMs(from), toWallMs: wallMs(to), everyMs, limit };
        const stream = await begun(await footage.keys(params.camera, grid));
        request.audit(seen(params.camera));
        return settling(reply, to).header('content-type', 'application/octet-stream').send(stream);
      },
    });

    app.route({
      ...VIEWER,
      method: 'GET',
      url: '/cameras/:camera/footage/picture',
      schema: { params: z.object({ camera }), querystring: pictureQuery },
      handler: async (request, reply) => {
        const { params, query } = request;
        const picture = await footage.pictureAt(params.camera, wallMs(query.at));
        if (picture === undefined) throw notThere(`no recording of ${params.camera} of that moment`);
        const jpeg = await pictures.make({ ...picture, maxWidthPx: query.width });
        request.audit(seen(params.camera));
        return settling(reply, query.at)
          .header(PICTURE_TIME_HEADER, String(picture.wallMs))
          .type('image/jpeg')
          .send(Buffer.from(jpeg));
      },
    });
  };
}

function seen(name: string) {
  return { action: 'saw', camera: name, what: { kind: 'recordings' } } as const;
}

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
