import { existsSync } from 'node:fs';
import { describeError } from '../base/error.ts';
import { IndexError } from '../db/index-error.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';

/** What became of the attempt to open an index. */
export type OpenedIndex =
  | { readonly kind: 'open'; readonly index: SqliteIndex }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly message: string };

/** Opens an index if there is one; the caller closes it. @throws IndexError `locked`, `newer` or `io`. */
export function openIndex(path: string): OpenedIndex {
  if (!existsSync(path)) return { kind: 'missing' };
  try {
    return { kind: 'open', index: SqliteIndex.open(path) };
  } catch (error) {
    if (!(error instanceof IndexError) || error.kind !== 'damaged') throw error;
    return { kind: 'damaged', message: describeError(error) };
  }
}
