import type { ErrorJson } from '../../src/http/api/error.ts';
import { ApiError, kindOfStatus } from './api-error.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface AskOptions {
  readonly method?: Method;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** How long the answer may take. */
  readonly limitMs?: number;
}

/** Longer than anything takes that has no limit of its own; a server that is away may leave a browser waiting for minutes. */
const LIMIT_MS = 20_000;

/** The URL of something of the server's, wherever a reverse proxy has put the app: `api/cameras`. */
export function urlOf(path: string): string {
  return new URL(path, document.baseURI).href;
}

/** The same for a WebSocket. */
export function socketUrlOf(path: string): string {
  return urlOf(path).replace(/^http/, 'ws');
}

/**
 * Asks the server.
 * @param path relative, such as `api/events?camera=front`; names in it are to be encoded.
 * @returns the answer, which is of type `Answer` because the server checks it against the same schema; undefined when it is empty.
 * @throws {ApiError}
 */
export async function ask<Answer>(path: string, options: AskOptions = {}): Promise<Answer> {
  const text = await send(path, options, (response) => response.text());
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** Asks the server for a file, such as a picture. @throws {ApiError} */
export async function askFile(path: string, options: AskOptions = {}): Promise<Blob> {
  return await send(path, options, (response) => response.blob());
}

/** @returns what is read of the answer, where the server fulfils the request. */
async function send<T>(
  path: string,
  { method = 'GET', body, signal, limitMs = LIMIT_MS }: AskOptions,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await fetch(urlOf(path), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    if (response.ok) return await read(response);
    throw errorOf(response.status, await response.text());
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted === true) throw error;
    const reason = limit.aborted
      ? ({ code: 'silent', limitMs } as const)
      : ({ code: 'unreachable' } as const);
    throw new ApiError('unreachable', `${method} ${path}: no answer`, { reason, cause: error });
  }
}

/** An `ErrorJson`; a proxy in between may answer anything else. */
function errorOf(status: number, text: string): ApiError {
  const kind = kindOfStatus(status);
  try {
    const { error } = JSON.parse(text) as Partial<ErrorJson>;
    if (typeof error?.message === 'string') return new ApiError(kind, error.message, error);
  } catch {
    // Not ours: told by its status.
  }
  return new ApiError(kind, `The server answered with status ${status}.`, {
    reason: { code: 'status', status },
  });
}
