import { PrerollError } from '../base/error.ts';

const LONGEST_SHOWN = 64;

/** A request that is not fulfilled, for a reason that whoever asked is told. */
export class HttpError extends PrerollError {
  readonly kind = 'http';
  readonly status: number;
  /** The member of the request that is wrong, such as `password`. */
  readonly field: string | undefined;

  /** @param message says what was attempted, what was found and what to do; a sentence. */
  constructor(
    status: number,
    message: string,
    options: { readonly field?: string; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.status = status;
    this.field = options.field;
  }
}

export function signedOut(): HttpError {
  return new HttpError(401, 'Nobody is signed in, or no longer: sign in.');
}

/** The same for a camera that is not there and for one that somebody may not see. */
export function noSuchCamera(name: string): HttpError {
  return new HttpError(404, `There is no camera ${JSON.stringify(name.slice(0, LONGEST_SHOWN))}.`);
}

/** Asked for without the upgrade to a WebSocket. */
export function webSocketOnly(): HttpError {
  return new HttpError(426, 'There is a WebSocket at this address: expected an upgrade to it.');
}

/** @param what with its article, such as `no event front at 13:05`. */
export function notThere(what: string): HttpError {
  return new HttpError(404, `There is ${what}.`);
}
