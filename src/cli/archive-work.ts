import { resolve } from 'node:path';
import { describeError, PrerollError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
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

/** The lock of those who work in an archive: the recorder, and commands that change it. */
export function lockPath({ archive }: Config): string {
  return `${archive.indexPath}.lock`;
}

/** Somebody else is at work in the archive. */
export class ArchiveInUseError extends PrerollError {
  readonly kind = 'in-use';
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

/**
 * Keeps others from working in the archive while a recorder runs. Where there can be no lock, such as on a disk that cannot be
 * written to, recording goes on without.
 * @throws ArchiveInUseError.
 */
export function lockForRecorder(config: Config, log: Log): Disposable | undefined {
  try {
    return lockArchive(config, 'a recorder');
  } catch (error) {
    if (error instanceof ArchiveInUseError) throw error;
    log.warn(`nobody will notice that a recorder is at work in this archive: ${describeError(error)}`);
    return undefined;
  }
}

function lockArchive(config: Config, holder: string): ProcessLock {
  try {
    return ProcessLock.take(lockPath(config), holder);
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    const { path } = config.archive;
    throw new ArchiveInUseError(
      `cannot work in the archive ${path}: ${error.holder} is at work there; stop it first`,
    );
  }
}
