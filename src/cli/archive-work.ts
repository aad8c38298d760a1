import { resolve } from 'node:path';
import { ArchiveInUseError, lockPath } from '../archive/archive-in-use.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { LockedError, ProcessLock } from '../db/process-lock.ts';
import type { ConfigOptions } from './options.ts';

/** @throws ConfigError. */
export async function configOf(options: ConfigOptions): Promise<Config> {
  return await loadConfig({
    path: resolve(options.config),
    environment: process.env,
    flags: options.set,
  });
}

/**
 * Works in an archive and keeps others from it meanwhile.
 * @param holder for those who find it taken.
 * @throws ArchiveInUseError; an error of SQLite or of the system when there can be no lock; what the work throws.
 */
export async function inLockedArchive<T>(config: Config, holder: string, work: () => Promise<T>): Promise<T> {
  const lock = lockArchive(config, holder);
  try {
    return await work();
  } finally {
    lock[Symbol.dispose]();
  }
}

function lockArchive(config: Config, holder: string): ProcessLock {
  try {
    return ProcessLock.take(lockPath(config.archive), holder);
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new ArchiveInUseError(config.archive, error.holder);
  }
}
