import type { ArchiveIndex, IndexQuery } from './archive-index.ts';
import type { IndexErrorKind } from './index-error.ts';
import type { IndexWrite } from './index-write.ts';
import type { PackedTimelines } from './packed-timelines.ts';

/*
 * What the recorder and the worker of its index say to each other. All are plain values, for they are cloned on their
 * way. `apply` and `ask` are answered, in their order.
 */

/** An `IndexError` on its way between processes. */
export interface ToldError {
  readonly kind: IndexErrorKind;
  readonly message: string;
}

/** What the worker answers a query with. */
export type ToldAnswer<Query extends IndexQuery> = Query extends 'timeline'
  ? PackedTimelines
  : ReturnType<ArchiveIndex[Query]>;

/** A lock of those who work in an archive (`ProcessLock`), to be held as long as the worker lives. */
export interface LockOrder {
  readonly path: string;
  /** For those who find it taken, with the process. */
  readonly holder: string;
  readonly pid: number;
}

export type IndexRole = 'owner' | 'guest';

export type ToIndexWorker =
  /** Comes first: the path of the database. Its `owner` begins a damaged one anew, a `guest` leaves it alone. */
  | { readonly type: 'open'; readonly path: string; readonly as: IndexRole }
  /** Answered with `locked` or `not-locked`. */
  | { readonly type: 'lock'; readonly lock: LockOrder }
  /** One transaction. The next batch follows when this one is answered. */
  | { readonly type: 'apply'; readonly writes: readonly IndexWrite[] }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly query: IndexQuery;
      readonly parameters: Parameters<ArchiveIndex[IndexQuery]>;
    }
  /** Close the database and leave. */
  | { readonly type: 'stop' };

export type FromIndexWorker =
  | { readonly type: 'locked'; readonly path: string }
  /** Somebody else has the lock, told for people; without one there can be none. */
  | {
      readonly type: 'not-locked';
      readonly path: string;
      readonly heldBy?: string;
      readonly message: string;
    }
  /** It is committed, but for what could not be stored in any database, told as text. */
  | { readonly type: 'applied'; readonly refused: readonly string[] }
  /** Nothing of it is. */
  | { readonly type: 'not-applied'; readonly error: ToldError }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'no-answer'; readonly id: number; readonly error: ToldError }
  /** The database was damaged; it has been renamed, and an empty one stands in its place. */
  | { readonly type: 'begun-anew'; readonly asidePath: string; readonly error: ToldError };
