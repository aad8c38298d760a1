import { PrerollError } from '../base/error.ts';

/** Pictures or sound could not be encoded. */
export class EncodeError extends PrerollError {
  readonly kind = 'encode';

  /** @throws EncodeError if `result` is one of FFmpeg's negative error codes. */
  static check(attempted: string, result: number): void {
    if (result < 0) throw new EncodeError(`${attempted}, found FFmpeg error ${result}`);
  }
}
