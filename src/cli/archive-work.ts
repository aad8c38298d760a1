import { ArchiveInUseError, lockPath, RECORDER, volumeLockPath } from '../archive/archive-in-use.ts';
import { readIdentity } from '../archive/volume-identity.ts';
import type { Config } from '../config/config.ts';
import { LockedError, ProcessLock } from '../db/process-lock.ts';

/**
 * Works in an archive and keeps others from it meanwhile.
 * @param holder for those who find it taken.
 * @throws ArchiveInUseError; an error of SQLite or of the system when there can be no lock; what the work throws.
 */
export async function inLockedArchive<T>(config: Config, holder: string, work: () => Promise<T>): Promise<T> {
  const { archive } = config;
  using _ = lockArchive(config, lockPath(archive), holder);
  const isThere = (await readIdentity(archive.path)).kind === 'volume';
  return isThere ? await inLockedVolume(config, holder, work) : await work();
}

async function inLockedVolume<T>(config: Config, holder: string, work: () => Promise<T>): Promise<T> {
  using _ = lockArchive(config, volumeLockPath(config.archive), holder);
  return await work();
}

/** @throws ArchiveInUseError where anybody but a recorder works in the archive. */
export function requireNobodyBeside({ archive }: Config): void {
  const holder = ProcessLock.holderOf(lockPath(archive));
  if (holder?.startsWith(RECORDER) === false) throw new ArchiveInUseError(archive, holder);
}

function lockArchive(config: Config, path: string, holder: string): ProcessLock {
  try {
    return ProcessLock.take(path, holder);
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new ArchiveInUseError(config.archive, error.holder);
  }
}
