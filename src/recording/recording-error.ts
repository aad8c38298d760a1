import { PrerollError } from '../base/error.ts';

/** `write`: the system refused; `too-slow`: the disk fell behind by more than the queue may hold. */
export type RecordingErrorKind = 'write' | 'too-slow';

/** Footage could not be written. The file holds what was written before, whole fragments only. */
export class RecordingError extends PrerollError {
  readonly kind: RecordingErrorKind;

  constructor(kind: RecordingErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
