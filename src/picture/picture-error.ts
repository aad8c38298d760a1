import { PrerollError } from '../base/error.ts';

/** `failed`: nothing could be decoded; `busy`: too many are asked for; `late`: it took too long; `stopped`: nobody makes any. */
export type PictureErrorKind = 'failed' | 'busy' | 'late' | 'stopped';

/** A picture could not be made. */
export class PictureError extends PrerollError {
  readonly kind: PictureErrorKind;

  constructor(kind: PictureErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
