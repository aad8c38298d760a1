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

/** What `@photostructure/sqlite` 1.2.1 throws from `all` has no code, but SQLite's own text for it (`sqlite3_errstr`). */
const CODE_OF_TEXT: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'database table is locked': 6,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'locking protocol': 15,
  'file is not a database': 26,
};

/** SQLite's code for what it was asked for and does not know, such as a table. */
const REFUSED = 1;

/** Whether SQLite refused to do what it was asked, and nothing else is the matter. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && 'errcode' in thrown && Number(thrown.errcode) % 256 === REFUSED;
}

/** What SQLite threw, as an `IndexError` where it speaks of the database; else as it is, for then we are wrong. */
export function toIndexError(attempted: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown) || thrown.code !== 'ERR_SQLITE_ERROR') return thrown;
  // Extended result codes carry the primary one in their lowest byte.
  const code = 'errcode' in thrown ? Number(thrown.errcode) % 256 : CODE_OF_TEXT[thrown.message];
  const kind = code === undefined ? undefined : KIND_OF_CODE[code];
  return kind === undefined ? thrown : new IndexError(kind, attempted, thrown);
}
