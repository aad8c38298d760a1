import type { FastifyError, FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
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

/** Answers whatever goes wrong. What nobody expected goes into the log only, for it may tell too much. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const { status, message, field } = toHttpError(error);
    if (status >= 500)
      log.error(`${request.method} ${request.routeOptions.url}: ${describeError(error)}`, { error });
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
