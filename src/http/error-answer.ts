import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AccountError, type AccountErrorKind } from '../account/account-error.ts';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../account/passwords.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { ControlError } from '../control/control-error.ts';
import { IndexError } from '../db/index-error.ts';
import { NoPictureError } from '../live/take-snapshot.ts';
import { PictureError } from '../picture/picture-error.ts';
import { PlaybackError } from '../playback/playback-error.ts';
import type { ErrorJson, ErrorReason } from './api/error.ts';
import { HttpError } from './http-error.ts';

/** What the kinds of account errors are in HTTP, and which member of the request they are about. */
const OF_ACCOUNTS: Readonly<Record<AccountErrorKind, { readonly status: number; readonly field?: string }>> =
  {
    'name-taken': { status: 409, field: 'name' },
    'last-admin': { status: 409 },
    'password-length': { status: 400, field: 'password' },
    'password-guessable': { status: 400, field: 'password' },
    'too-many-tokens': { status: 409 },
    'bad-name': { status: 400, field: 'name' },
    // Not 401, which tells a page that nobody is signed in.
    'wrong-password': { status: 400, field: 'password' },
    'wrong-present-password': { status: 400, field: 'password' },
    throttled: { status: 429 },
    busy: { status: 503 },
    'no-setup': { status: 410 },
    unknown: { status: 404 },
    'beyond-owner': { status: 400, field: 'role' },
  };

/** Answers whatever goes wrong. What nobody expected goes into the log only, for it may tell too much. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const { status, message, field, reason } = toHttpError(error);
    if (status >= 500 && !isOfWhoHasLeft(error, request))
      log.error(`${request.method} ${request.routeOptions.url}: ${describeError(error)}`, { error });
    if (error instanceof AccountError && error.retryAfterMs !== undefined) {
      void reply.header('retry-after', Math.ceil(error.retryAfterMs / 1_000));
    }
    const body: ErrorJson = {
      error: {
        message,
        ...(field === undefined ? {} : { field }),
        ...(reason === undefined ? {} : { reason }),
      },
    };
    return reply
      .status(status)
      .header('cache-control', 'no-store')
      .type('application/json')
      .send(JSON.stringify(body));
  });
}

/** What was done for somebody was ended because he has left: nothing went wrong. */
function isOfWhoHasLeft(error: unknown, request: FastifyRequest): boolean {
  return error instanceof Error && error.name === 'AbortError' && request.raw.socket.destroyed;
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof AccountError) {
    const { status, field } = OF_ACCOUNTS[error.kind];
    return new HttpError(status, error.message, {
      field: error.field ?? field,
      reason: reasonOf(error),
    });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation;
    const field = issue?.instancePath.split('/').filter(Boolean).join('.') ?? '';
    const message = `The request's ${error.validationContext ?? 'content'} is not as expected: ${field === '' ? '' : `${field}: `}${issue?.message ?? ''}`;
    return new HttpError(400, message, field === '' ? {} : { field });
  }
  if (error instanceof ControlError) {
    return error.kind === 'unknown'
      ? new HttpError(
          404,
          'The recorder does not know what it was asked for: the camera may have been removed.',
          {
            reason: { code: 'gone' },
            cause: error,
          },
        )
      : new HttpError(
          503,
          'The recorder does not answer: it is starting or has stopped. Try again in a moment.',
          {
            reason: { code: 'recorder-away' },
            cause: error,
          },
        );
  }
  if (error instanceof IndexError) {
    const message = 'The index of the recordings cannot be read now. Try again in a moment.';
    return new HttpError(503, message, { reason: { code: 'index-away' } });
  }
  if (error instanceof PlaybackError) {
    const isDamaged = error.kind === 'damaged';
    const found = isDamaged ? 'is damaged there' : 'is not there: it may have been deleted';
    const reason = { code: isDamaged ? 'recording-damaged' : 'recording-gone' } as const;
    return new HttpError(404, `The recording ${found}.`, { reason, cause: error });
  }
  if (error instanceof NoPictureError) {
    const message = 'The camera sends no picture at present: it is away or connecting.';
    return new HttpError(409, message, { reason: { code: 'no-picture' } });
  }
  if (error instanceof PictureError) {
    const message = 'The picture could not be made now. Try again in a moment.';
    return new HttpError(503, message, { reason: { code: 'picture-failed' }, cause: error });
  }
  return isClientError(error)
    ? new HttpError(error.statusCode ?? 400, error.message)
    : new HttpError(500, 'Something went wrong in the server. Its log tells what.', {
        reason: { code: 'server-failed' },
      });
}

function reasonOf({ kind, retryAfterMs }: AccountError): ErrorReason {
  if (kind === 'throttled') return { code: kind, waitMs: retryAfterMs ?? 0 };
  if (kind === 'password-length') return { code: kind, least: SHORTEST_PASSWORD, most: LONGEST_PASSWORD };
  return { code: kind === 'unknown' ? 'gone' : kind };
}

/** Of the server's own kind: a body that is no JSON or too large, for example. */
function isClientError(error: unknown): error is FastifyError {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return false;
  return error.statusCode >= 400 && error.statusCode < 500;
}
