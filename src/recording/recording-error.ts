import { PrerollError } from '../base/error.ts';

/**
 * `disk`: the system refused; `too-slow`: the disk fell behind by more than the queue may hold; `packets`: what the
 * camera sent fits into no file.
 */
export type RecordingErrorKind = 'disk' | 'too-slow' | 'packets';

/** Footage could not be written. The file ends with the last fragment that is surely on disk. */
export class RecordingError extends PrerollError {
  readonly kind: RecordingErrorKind;

  constructor(kind: RecordingErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
