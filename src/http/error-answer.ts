import type { FastifyError, FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AccountError, type AccountErrorKind } from '../account/account-error.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { ControlError } from '../control/control-error.ts';
import { IndexError } from '../db/index-error.ts';
import { PlaybackError } from '../playback/playback-error.ts';
import { HttpError } from './http-error.ts';

/** What every error is answered with. */
export interface ErrorJson {
  readonly error: {
    /** For people: what was attempted, what was found, what to do. */
    readonly message: string;
    /** The member of the request that is wrong, such as `password`. */
    readonly field?: string;
  };
}

/** What the kinds of account errors are in HTTP, and which member of the request they are about. */
const OF_ACCOUNTS: Readonly<Record<AccountErrorKind, { readonly status: number; readonly field?: string }>> =
  {
    'name-taken': { status: 409, field: 'name' },
    'last-admin': { status: 409 },
    'weak-password': { status: 400, field: 'password' },
    'bad-name': { status: 400, field: 'name' },
    // Not 401, which tells a page that nobody is signed in.
    'wrong-password': { status: 400, field: 'password' },
    throttled: { status: 429 },
    busy: { status: 503 },
    'no-setup': { status: 410 },
    unknown: { status: 404 },
    'beyond-owner': { status: 400, field: 'role' },
  };

/** Answers whatever goes wrong. What nobody expected goes into the log only, for it may tell too much. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const { status, message, field } = toHttpError(error);
    if (status >= 500)
      log.error(`${request.method} ${request.routeOptions.url}: ${describeError(error)}`, { error });
    if (error instanceof AccountError && error.retryAfterMs !== undefined) {
      void reply.header('retry-after', Math.ceil(error.retryAfterMs / 1_000));
    }
    const body: ErrorJson = { error: field === undefined ? { message } : { message, field } };
    return reply
      .status(status)
      .header('cache-control', 'no-store')
      .type('application/json')
      .send(JSON.stringify(body));
  });
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof AccountError) {
    const { status, field } = OF_ACCOUNTS[error.kind];
    const wrong = error.field ?? field;
    return new HttpError(status, error.message, wrong === undefined ? {} : { field: wrong });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation;
    const field = issue?.instancePath.split('/').filter(Boolean).join('.') ?? '';
    const message = `The request's ${error.validationContext ?? 'content'} is not as expected: ${field === '' ? '' : `${field}: `}${issue?.message ?? ''}`;
    return new HttpError(400, message, field === '' ? {} : { field });
  }
  if (error instanceof ControlError) {
    const status = error.kind === 'unknown' ? 404 : 503;
    const message =
      status === 404
        ? 'The recorder does not know what it was asked for: the camera may have been removed.'
        : 'The recorder does not answer: it is starting or has stopped. Try again in a moment.';
    return new HttpError(status, message, { cause: error });
  }
  if (error instanceof IndexError) {
    return new HttpError(503, 'The index of the recordings cannot be read now. Try again in a moment.');
  }
  if (error instanceof PlaybackError) {
    const found = error.kind === 'damaged' ? 'is damaged there' : 'is not there: it may have been deleted';
    return new HttpError(404, `The recording ${found}.`, { cause: error });
  }
  return isClientError(error)
    ? new HttpError(error.statusCode ?? 400, error.message)
    : new HttpError(500, 'Something went wrong in the server. Its log tells what.');
}

/** Of the server's own kind: a body that is no JSON or too large, for example. */
function isClientError(error: unknown): error is FastifyError {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return false;
  return error.statusCode >= 400 && error.statusCode < 500;
}
