import { PrerollError } from '../base/error.ts';

/**
 * - `unusable-track`: no decoder can be made for the parameter sets, or the picture is too large.
 * - `corrupt-packet`: the decoder refused a packet.
 * - `damaged-picture`: a picture came out with parts missing, so it is not shown.
 * - `unsupported-picture`: a picture came out in a layout that has no luma plane we know.
 */
export type DecodeErrorKind = 'unusable-track' | 'corrupt-packet' | 'damaged-picture' | 'unsupported-picture';

/** What was wrong with a packet or its pictures. Decoding goes on with the next packet. */
export class DecodeError extends PrerollError {
  readonly kind: DecodeErrorKind;

  constructor(kind: DecodeErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
