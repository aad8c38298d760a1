import { PrerollError } from '../base/error.ts';

/**
 * - `locked`: another process holds the database; to be tried again;
 * - `damaged`: it is no index of ours, or SQLite or we cannot make sense of it; to be set aside and rebuilt;
 * - `newer`: a later version of Preroll wrote it; to be left alone;
 * - `io`: the disk or its file system refused; to be tried again.
 */
export type IndexErrorKind = 'locked' | 'damaged' | 'newer' | 'io';

/** The index could not be read or written; nothing of what was attempted has been applied. */
export class IndexError extends PrerollError {
  readonly kind: IndexErrorKind;

  constructor(kind: IndexErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const KIND_OF_CODE: Readonly<Record<number, IndexErrorKind>> = {
  3: 'io', // PERM
  5: 'locked', // BUSY
  6: 'locked', // LOCKED
  8: 'io', // READONLY
  10: 'io', // IOERR
  11: 'damaged', // CORRUPT
  13: 'io', // FULL
  14: 'io', // CANTOPEN
  15: 'locked', // PROTOCOL: the lock of the WAL could not be had
  26: 'damaged', // NOTADB
};

/** What SQLite threw, as an `IndexError` where it speaks of the database; else as it is, for then we are wrong. */
export function toIndexError(attempted: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return thrown;
  // Extended result codes carry the primary one in their lowest byte.
  const kind = KIND_OF_CODE[Number(thrown.errcode) % 256];
  return kind === undefined ? thrown : new IndexError(kind, attempted, thrown);
}
