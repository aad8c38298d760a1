import { PrerollError } from '../base/error.ts';

/**
 * `unusable`: the socket's place cannot be used; `in-use`: another recorder answers there; `no-answer`: nobody does;
 * `forbidden`: it belongs to another user; `garbage`: what answers is no recorder; `unknown`: it does not know what it was
 * asked for.
 */
export type ControlErrorKind = 'unusable' | 'in-use' | 'no-answer' | 'forbidden' | 'garbage' | 'unknown';

/** A recorder could not be reached, or not be offered, on its control socket. */
export class ControlError extends PrerollError {
  readonly kind: ControlErrorKind;

  constructor(kind: ControlErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
