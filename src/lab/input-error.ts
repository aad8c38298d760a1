import { PrerollError } from '../base/error.ts';

/**
 * - `missing`: there is no such file.
 * - `unreadable`: no container or no codec that FFmpeg knows, or it ends before the first picture.
 * - `no-video`: sound only, say.
 * - `too-large`: pictures larger than we decode.
 * - `too-short`: it ends before what was asked for.
 */
export type InputErrorKind = 'missing' | 'unreadable' | 'no-video' | 'too-large' | 'too-short';

/** Footage that cannot be looked at. */
export class InputError extends PrerollError {
  readonly kind: InputErrorKind;

  constructor(kind: InputErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
