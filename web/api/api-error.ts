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

/** What came of a request that was not fulfilled; the message is the server's own, meant for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  /** The field of a form that is wrong, as the server names it. */
  readonly field: string | undefined;

  constructor(
    kind: ApiErrorKind,
    message: string,
    options: { readonly field?: string; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.field = options.field;
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
