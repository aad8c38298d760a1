import type { ErrorReason } from '../../src/http/api/error.ts';

export type ApiErrorKind =
  /** Nobody is signed in, or no longer. */
  | 'signed-out'
  /** The account may not. */
  | 'forbidden'
  /** It is not there. */
  | 'missing'
  /** What was sent is wrong; `field` may tell where. */
  | 'refused'
  /** Too often; later. */
  | 'throttled'
  /** The server could not. */
  | 'failed'
  /** No answer at all. */
  | 'unreachable';

/** Why, in words of the page's own: what the server says, or what is known without it. */
export type ToldReason =
  | ErrorReason
  | { readonly code: 'unreachable' }
  /** Reached or not, it has said nothing for so long. */
  | { readonly code: 'silent'; readonly limitMs: number }
  /** Not answered by our server, but by what stands before it. */
  | { readonly code: 'status'; readonly status: number };

/** What came of a request that was not fulfilled; the message is the server's own, for people, in English. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  /** The field of a form that is wrong, as the server names it. */
  readonly field: string | undefined;
  /** Undefined where there is only the message. */
  readonly reason: ToldReason | undefined;

  constructor(
    kind: ApiErrorKind,
    message: string,
    options: { readonly field?: string; readonly reason?: ToldReason; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.field = options.field;
    this.reason = options.reason;
  }
}

export function kindOfStatus(status: number): ApiErrorKind {
  switch (status) {
    case 401:
      return 'signed-out';
    case 403:
      return 'forbidden';
    case 404:
      return 'missing';
    case 429:
      return 'throttled';
    default:
      return status < 500 ? 'refused' : 'failed';
  }
}
