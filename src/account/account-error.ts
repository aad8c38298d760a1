import { PrerollError } from '../base/error.ts';

/**
 * `name-taken`; `last-admin`: nobody would be left who may manage accounts; `password-length`; `password-guessable`; `bad-name`; `wrong-password`: or
 * there is no such account, which is not told; `wrong-present-password`: of whoever changes his own; `throttled`: too many wrong passwords;
 * `busy`: too many at once; `no-setup`: the link is not valid (any more); `unknown`: no such account, session or token; `beyond-owner`: a token that may more than its owner;
 * `too-many-tokens`.
 */
export type AccountErrorKind =
  | 'name-taken'
  | 'last-admin'
  | 'password-length'
  | 'password-guessable'
  | 'bad-name'
  | 'wrong-password'
  | 'wrong-present-password'
  | 'throttled'
  | 'busy'
  | 'no-setup'
  | 'unknown'
  | 'beyond-owner'
  | 'too-many-tokens';

/** What was asked of the accounts is not done; the message is for whoever asked. */
export class AccountError extends PrerollError {
  readonly kind: AccountErrorKind;
  /** When it may be tried again; for `throttled`. */
  readonly retryAfterMs: number | undefined;
  /** What of the request is wrong, where its kind alone does not tell. */
  readonly field: string | undefined;

  constructor(
    kind: AccountErrorKind,
    message: string,
    more: { readonly retryAfterMs?: number; readonly field?: string } = {},
  ) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs;
    this.field = more.field;
  }
}
