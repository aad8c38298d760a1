import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../http-error.ts';
import { AppFile, type AppFiles } from '../app-files.ts';

const INDEX = 'index.html';
/** The API's, and what looks like a file; below a folder it may be the name of a camera. */
const NO_PAGE = /^(api|assets)(\/|$)|^(?!index\.html$)[^/]+\.\w+$/;
/** Vite puts the hash of their content into these names. */
const IMMUTABLE = /^assets\//;

/** The app's files; every other path is one of its pages. */
export function appPage(files: AppFiles): FastifyPluginAsync {
  return async (app) => {
    app.route({
      method: ['GET', 'HEAD'],
      url: '/*',
      config: { access: 'public' },
      schema: { hide: true },
      handler: async (request, reply) => {
        // A path's wildcard is a string.
        const path = (request.params as { readonly '*': string })['*'];
        const file = files.get(path);
        if (file !== undefined && path !== INDEX) {
          return await send(
            file,
            IMMUTABLE.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
            request,
            reply,
          );
        }
        const index = files.get(INDEX);
        if (index === undefined || NO_PAGE.test(path))
          throw new HttpError(404, 'There is nothing at this address.');
        return await send(indexAt(path, index), 'no-cache', request, reply);
      },
    });
  };
}

/** The page for an address, with the way back to the app's folder in it: so nobody needs to know where a proxy put us. */
function indexAt(path: string, index: AppFile): AppFile {
  const up = '../'.repeat(path.split('/').length - 1) || './';
  const html = index.content.toString('utf8').replace('<base href="./"', `<base href="${up}"`);
  return new AppFile(index.type, Buffer.from(html));
}

async function send(
  file: AppFile,
  caching: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  void reply.headers({ etag: file.etag, 'cache-control': caching, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === file.etag) return reply.status(304).send();
  const encoding = file.encodingFor(request.headers['accept-encoding'] ?? '');
  if (encoding !== 'identity') void reply.header('content-encoding', encoding);
  return reply.type(file.type).send(await file.as(encoding));
}
