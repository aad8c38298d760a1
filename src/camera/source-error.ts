import { PrerollError } from '../base/error.ts';

/**
 * What ended a source process, or what it could not do; the names are those of `RtspErrorKind` where they mean the same:
 * - `connect`: there is nothing at the address: no answer, no such device, no such file
 * - `timeout`, `stall`: it was there, and no media came
 * - `auth`: it wants other credentials than ours
 * - `refused`: it was found and did not let us: an error status, a device in use
 * - `unsupported`: nothing in it that we can record
 * - `closed`: the other side ended the stream
 * - `media`: the stream's own time leapt
 * - `finished`: a file that is played once has been played
 * - `died`: the process ended by itself
 */
export type SourceErrorKind =
  | 'connect'
  | 'timeout'
  | 'stall'
  | 'auth'
  | 'refused'
  | 'unsupported'
  | 'closed'
  | 'media'
  | 'finished'
  | 'died';

export class SourceError extends PrerollError {
  readonly kind: SourceErrorKind;

  constructor(kind: SourceErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
