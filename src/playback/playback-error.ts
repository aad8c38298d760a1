import { PrerollError } from '../base/error.ts';

/**
 * - `nothing`: there is no footage of that time;
 * - `outside`: a name leads out of the archive, or a file to be written would lie within;
 * - `missing`: a recording is not there or cannot be opened;
 * - `damaged`: a recording, or a part of it, is not as it was written;
 * - `changed`: a recording was deleted or cut while it was being copied.
 */
export type PlaybackErrorKind = 'nothing' | 'outside' | 'missing' | 'damaged' | 'changed';

/** Footage that cannot be had. */
export class PlaybackError extends PrerollError {
  readonly kind: PlaybackErrorKind;

  constructor(kind: PlaybackErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
