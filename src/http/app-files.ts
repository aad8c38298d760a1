import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const COMPRESSIBLE = /^(text|application)\/|svg/;

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file of the built app. */
export class AppFile {
  readonly type: string;
  readonly etag: string;
  readonly content: Buffer;
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(type: string, content: Buffer) {
    this.type = type;
    this.content = content;
    this.etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  }

  /** Its content encoded so, which is done once. */
  async as(encoding: Encoding): Promise<Buffer> {
    if (encoding === 'identity') return this.content;
    const encoded = this.#encoded.get(encoding) ?? encode(this.content, encoding);
    this.#encoded.set(encoding, encoded);
    return await encoded;
  }

  /** The best encoding that a header `Accept-Encoding` allows. */
  encodingFor(accepted: string): Encoding {
    if (!COMPRESSIBLE.test(this.type)) return 'identity';
    if (/\bbr\b/.test(accepted)) return 'br';
    return /\bgzip\b/.test(accepted) ? 'gzip' : 'identity';
  }
}

/** The built app by path, such as `assets/main-1a2b.js`: what is not in here is not there, whatever a path says. */
export type AppFiles = ReadonlyMap<string, AppFile>;

/** @param folder of the built app; where it was not built, there are no files. */
export async function readAppFiles(folder: string): Promise<AppFiles> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, AppFile>();
  for (const entry of found) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1).replaceAll(sep, '/'), new AppFile(type, await readFile(path)));
  }
  return files;
}

async function encode(content: Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return await promisify(gzip)(content);
  // Close to the best, at a tenth of its time.
  return await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}
