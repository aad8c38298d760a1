import { PrerollError } from '../base/error.ts';

/** The lock of those who work in an archive: the recorder, and commands that change it. @returns its path. */
export function lockPath(archive: { readonly indexPath: string }): string {
  return `${archive.indexPath}.lock`;
}

/** Somebody else is at work in the archive. */
export class ArchiveInUseError extends PrerollError {
  readonly kind = 'in-use';

  /** @param heldBy with its process, as the lock tells it. */
  constructor(archive: { readonly path: string }, heldBy: string) {
    super(`cannot work in the archive ${archive.path}: ${heldBy} is at work there; stop it first`);
  }
}
