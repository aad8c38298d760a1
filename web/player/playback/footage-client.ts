import type { ErrorJson } from '../../../src/http/api/error.ts';
import type { FootageJson } from '../../../src/http/api/footage.ts';
import { readKeyStream, type KeyPicture } from './key-stream.ts';
import type { PlaybackProblem } from './player.ts';

/** `codec`: this browser does not decode it; `detail` is its codec string. */
export type FootageProblem = PlaybackProblem | { readonly kind: 'codec'; readonly detail: string };

/** Footage that the server does not give, or that cannot be decoded here. */
export class FootageError extends Error {
  readonly problem: FootageProblem;

  constructor(problem: FootageProblem, options?: ErrorOptions) {
    super(`${problem.kind}: ${problem.detail}`, options);
    this.problem = problem;
  }
}

export interface KeyQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** One picture at most for each such span. */
  readonly everyMs: number;
  readonly limit: number;
}

/** As all other requests of a page: browsers wait for minutes for a server that is silent. */
const LIMIT_MS = 20_000;

/** A picture that the server has decoded. */
export interface ServedPicture {
  /** When it was recorded. */
  readonly atMs: number;
  readonly jpeg: Blob;
}

/** What the picture of a moment is decoded from, found by the server. */
export interface MomentFootage {
  readonly segmentId: string;
  /** Fragments of the segment from a key picture on; both belong to them. */
  readonly first: number;
  readonly last: number;
  /** The init segment, then they without what only later pictures need, as they come. */
  readonly pieces: AsyncGenerator<Uint8Array, void>;
}

/** What is asked of the server about one camera's recordings. Throws FootageError, or the signal's reason. */
export interface FootageClient {
  window(fromMs: number, toMs: number, signal: AbortSignal): Promise<FootageJson>;
  init(segmentId: string, signal: AbortSignal): Promise<Uint8Array>;
  /** Both belong to them. */
  fragments(segmentId: string, first: number, last: number, signal: AbortSignal): Promise<Uint8Array>;
  /** The same as it comes, without what only pictures after a moment need. */
  fragmentsUntil(
    segmentId: string,
    first: number,
    last: number,
    untilMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void>;
  /** Of a moment about which nothing is known yet. Comes until the signal is aborted. */
  moment(wallMs: number, signal: AbortSignal): Promise<MomentFootage>;
  keys(query: KeyQuery, signal: AbortSignal): Promise<readonly KeyPicture[]>;
  /** The picture that is shown at a moment, at most so wide. */
  picture(wallMs: number, widthPx: number, signal: AbortSignal): Promise<ServedPicture>;
}

/** As the server names them (src/http/api/footage.ts). */
const PICTURE_TIME = 'picture-time';
const FRAGMENTS = 'footage-fragments';

/** @param apiUrl such as `api/`. */
export function footageClient(apiUrl: string, camera: string, fetcher: typeof fetch = fetch): FootageClient {
  const root = `${apiUrl}cameras/${encodeURIComponent(camera)}/footage`;
  const get = async (path: string, signal: AbortSignal): Promise<Response> => {
    let response: Response;
    // For its answer to begin: the rest may take long.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), LIMIT_MS);
    try {
      // Called as a function of the window.
      response = await fetcher.call(globalThis, `${root}${path}`, {
        signal: AbortSignal.any([signal, limit.signal]),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new FootageError({ kind: 'network', detail: '' }, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    throw new FootageError(await problemOf(response));
  };
  const bytes = async (path: string, signal: AbortSignal) =>
    new Uint8Array(await (await get(path, signal)).arrayBuffer());
  return {
    async window(fromMs, toMs, signal) {
      const response = await get(`?from=${Math.floor(fromMs)}&to=${Math.ceil(toMs)}`, signal);
      return (await response.json()) as FootageJson;
    },
    init: (segmentId, signal) => bytes(`/${segmentId}/init`, signal),
    fragments: (segmentId, first, last, signal) => bytes(`/${segmentId}/fragments/${first}-${last}`, signal),
    async *fragmentsUntil(segmentId, first, last, untilMs, signal) {
      const until = Math.max(0, Math.floor(untilMs));
      yield* piecesOf(await get(`/${segmentId}/fragments/${first}-${last}?until=${until}`, signal), signal);
    },
    async moment(wallMs, signal) {
      const response = await get(`/moment?at=${Math.max(0, Math.floor(wallMs))}`, signal);
      const [, segmentId = '', first, last] =
        /^(\w+)\/(\d+)-(\d+)$/.exec(response.headers.get(FRAGMENTS) ?? '') ?? [];
      return { segmentId, first: Number(first), last: Number(last), pieces: piecesOf(response, signal) };
    },
    async keys({ fromMs, toMs, everyMs, limit }, signal) {
      const query = `?from=${Math.floor(fromMs)}&to=${Math.ceil(toMs)}&every=${Math.max(1, Math.round(everyMs))}&limit=${limit}`;
      return readKeyStream(await bytes(`/keys${query}`, signal));
    },
    async picture(wallMs, widthPx, signal) {
      const response = await get(`/picture?at=${Math.floor(wallMs)}&width=${widthPx}`, signal);
      return { atMs: Number(response.headers.get(PICTURE_TIME)), jpeg: await response.blob() };
    },
  };
}

/** The last key picture at or before a moment; undefined where no footage holds it. @throws FootageError; the signal's reason. */
export async function keyAt(
  client: FootageClient,
  wallMs: number,
  signal: AbortSignal,
): Promise<KeyPicture | undefined> {
  const fromMs = Math.floor(wallMs);
  const [found] = await client.keys({ fromMs, toMs: fromMs + 1, everyMs: 1, limit: 1 }, signal);
  return found;
}

/** What a body holds, as it comes. */
async function* piecesOf({ body }: Response, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const piece = await reader?.read().catch((error: unknown) => {
        signal.throwIfAborted();
        throw new FootageError({ kind: 'network', detail: '' }, { cause: error });
      });
      if (piece?.value === undefined) return;
      yield piece.value;
    }
  } finally {
    // Nothing is lost where it cannot be cancelled: it has ended.
    void reader?.cancel().catch(() => undefined);
  }
}

async function problemOf(response: Response): Promise<PlaybackProblem> {
  // Whatever answers, of what a proxy says in its place none of this is there.
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorJson> | null | undefined;
  const error = body?.error;
  const detail = error?.message ?? '';
  if (response.status === 401 || response.status === 403) return { kind: 'forbidden', detail };
  const isAway = response.status >= 500 && error?.reason?.code !== 'picture-failed';
  return { kind: isAway ? 'network' : 'missing', detail };
}
