import { PrerollError } from '../../base/error.ts';

/**
 * - `truncated`: the bytes end before what they announce;
 * - `malformed`: the bytes contradict ISO 14496-12 or themselves;
 * - `unsupported`: a valid file of a kind we neither write nor read;
 * - `too-large`: a count or size above the reader's bounds;
 * - `unrepresentable`: packets or tracks that an MP4 cannot hold.
 */
export type Mp4ErrorKind = 'truncated' | 'malformed' | 'unsupported' | 'too-large' | 'unrepresentable';

/** A file that cannot be read, or media that cannot be written. */
export class Mp4Error extends PrerollError {
  readonly kind: Mp4ErrorKind;
  /** Where in the file it was found; undefined while writing. */
  readonly positionBytes: number | undefined;

  constructor(kind: Mp4ErrorKind, message: string, positionBytes?: number, cause?: unknown) {
    super(
      positionBytes === undefined ? message : `${message} (at byte ${positionBytes})`,
      cause === undefined ? undefined : { cause },
    );
    this.kind = kind;
    this.positionBytes = positionBytes;
  }
}
