import { ApiError, kindOfStatus } from './api-error.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface AskOptions {
  readonly method?: Method;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

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
  const response = await send(path, options);
  const text = await response.text();
  if (!response.ok) throw errorOf(response.status, text);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

async function send(path: string, { method = 'GET', body, signal }: AskOptions): Promise<Response> {
  try {
    return await fetch(urlOf(path), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError('unreachable', `${method} ${path}: no answer`, { cause: error });
  }
}

/** `{"error":{"message","field"?}}`; a proxy in between may answer anything else. */
function errorOf(status: number, text: string): ApiError {
  const kind = kindOfStatus(status);
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown; field?: unknown } };
    if (typeof error?.message === 'string') {
      return new ApiError(kind, error.message, typeof error.field === 'string' ? { field: error.field } : {});
    }
  } catch {
    // Not ours: told by its status.
  }
  return new ApiError(kind, `The server answered with status ${status}.`);
}
