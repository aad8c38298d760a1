import { PrerollError } from '../base/error.ts';
import type { ErrorReason } from './api/error.ts';

const LONGEST_SHOWN = 64;

interface HttpErrorOptions {
  readonly field?: string | undefined;
  readonly reason?: ErrorReason | undefined;
  readonly cause?: unknown;
}

/** A request that is not fulfilled, for a reason that whoever asked is told. */
export class HttpError extends PrerollError {
  readonly kind = 'http';
  readonly status: number;
  /** The member of the request that is wrong, such as `password`. */
  readonly field: string | undefined;
  /** What the message says, for pages in another language. */
  readonly reason: ErrorReason | undefined;

  /** @param message says what was attempted, what was found and what to do; a sentence. */
  constructor(status: number, message: string, options: HttpErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.status = status;
    this.field = options.field;
    this.reason = options.reason;
  }
}

export function signedOut(): HttpError {
  return new HttpError(401, 'Nobody is signed in, or no longer: sign in.', {
    reason: { code: 'signed-out' },
  });
}

/** The same for a camera that is not there and for one that somebody may not see. */
export function noSuchCamera(name: string): HttpError {
  const camera = name.slice(0, LONGEST_SHOWN);
  const message = `There is no camera ${JSON.stringify(camera)}.`;
  return new HttpError(404, message, { reason: { code: 'no-camera', camera } });
}

export function endBeforeBegin(): HttpError {
  return new HttpError(400, 'The end has to come after the beginning.', {
    field: 'to',
    reason: { code: 'end-before-begin' },
  });
}

/** Asked for without the upgrade to a WebSocket. */
export function webSocketOnly(): HttpError {
  return new HttpError(426, 'There is a WebSocket at this address: expected an upgrade to it.');
}

/** @param what with its article, such as `no event front at 13:05`. */
export function notThere(what: string): HttpError {
  return new HttpError(404, `There is ${what}.`, { reason: { code: 'gone' } });
}
