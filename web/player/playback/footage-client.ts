import type { FootageJson } from '../../../src/http/api/footage.ts';
import { readKeyStream, type KeyPicture } from './key-stream.ts';
import type { PlaybackProblem } from './player.ts';

/** Footage that the server does not give. */
export class FootageError extends Error {
  readonly problem: PlaybackProblem;

  constructor(problem: PlaybackProblem, options?: ErrorOptions) {
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

/** What is asked of the server about one camera's recordings. Throws FootageError, or the signal's reason. */
export interface FootageClient {
  window(fromMs: number, toMs: number, signal: AbortSignal): Promise<FootageJson>;
  init(segmentId: string, signal: AbortSignal): Promise<Uint8Array>;
  /** Both belong to them. */
  fragments(segmentId: string, first: number, last: number, signal: AbortSignal): Promise<Uint8Array>;
  keys(query: KeyQuery, signal: AbortSignal): Promise<readonly KeyPicture[]>;
}

/** @param apiUrl such as `api/`. */
export function footageClient(apiUrl: string, camera: string, fetcher: typeof fetch = fetch): FootageClient {
  const root = `${apiUrl}cameras/${encodeURIComponent(camera)}/footage`;
  const get = async (path: string, signal: AbortSignal): Promise<Response> => {
    let response: Response;
    try {
      // Called as a function of the window.
      response = await fetcher.call(globalThis, `${root}${path}`, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new FootageError({ kind: 'network', detail: '' }, { cause: error });
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
    async keys({ fromMs, toMs, everyMs, limit }, signal) {
      const query = `?from=${Math.floor(fromMs)}&to=${Math.ceil(toMs)}&every=${Math.max(1, Math.round(everyMs))}&limit=${limit}`;
      return readKeyStream(await bytes(`/keys${query}`, signal));
    },
  };
}

async function problemOf(response: Response): Promise<PlaybackProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  const detail = messageOf(body);
  if (response.status === 401 || response.status === 403) return { kind: 'forbidden', detail };
  return { kind: response.status >= 500 ? 'network' : 'missing', detail };
}

function messageOf(body: unknown): string {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}
