import { join } from 'node:path';
import { PrerollError } from '../base/error.ts';
import { VOLUME_LOCK_FILE } from './volume-identity.ts';

/** As whom a recorder holds the lock. */
export const RECORDER = 'a recorder';

/** The lock of those who work in an archive: the recorder, and commands that change it. @returns its path. */
export function lockPath(archive: { readonly indexPath: string }): string {
  return `${archive.indexPath}.lock`;
}

/** Another lock of theirs, in the archive's folder: two that have an index each must not work there either. @returns its path. */
export function volumeLockPath(archive: { readonly path: string }): string {
  return join(archive.path, VOLUME_LOCK_FILE);
}

/** Somebody else is at work in the archive. */
export class ArchiveInUseError extends PrerollError {
  readonly kind = 'in-use';

  /** @param heldBy with its process, as the lock tells it. */
  constructor(archive: { readonly path: string }, heldBy: string) {
    super(`cannot work in the archive ${archive.path}: ${heldBy} is at work there; stop it first`);
  }
}
