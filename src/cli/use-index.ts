import type { MountedVolume } from '../archive/mounted-volume.ts';
import { sleep, systemClock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { accessTo, type IndexAccess } from '../db/index-access.ts';
import { IndexError } from '../db/index-error.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { configOf } from './config-of.ts';
import type { ConfigOptions } from './options.ts';
import { requireFile } from './require-file.ts';

/** A recorder's own changes take milliseconds: who waits this long for it waits for something else. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 50;

/**
 * Opens the index for as long as it is used, beside a recorder or without one.
 * @throws ConfigError; CommandError where there is no index; IndexError; whatever `use` throws.
 */
export async function useIndex<Result>(
  options: ConfigOptions,
  signal: AbortSignal,
  use: (index: IndexAccess, config: Config) => Promise<Result>,
): Promise<Result> {
  const config = await configOf(options);
  const { indexPath } = config.archive;
  await requireIndex(indexPath);
  const index = await patiently(signal, () => SqliteIndex.open(indexPath));
  try {
    const direct = accessTo(index);
    return await use({ ...direct, apply: (writes) => patiently(signal, () => index.apply(writes)) }, config);
  } finally {
    index.close();
  }
}

/** @throws CommandError where it is not there; an error of the system. */
export async function requireIndex(path: string): Promise<void> {
  await requireFile(path, `there is no index ${path}: nothing was recorded yet`);
}

/** Says on standard error which volumes of the configuration are left out. */
export function tellMissing({ archive }: Config, mounted: readonly MountedVolume[]): void {
  for (const { path } of archive.volumes) {
    if (mounted.some((volume) => volume.path === path)) continue;
    process.stderr.write(`${path} is not there and left out: is the disk mounted?\n`);
  }
}

/** Tries again while somebody else changes the index. @throws IndexError; whatever else `work` throws. */
export async function patiently<Result>(signal: AbortSignal, work: () => Result): Promise<Result> {
  const lastMs = systemClock.monotonicMs() + PATIENCE_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const isLocked = error instanceof IndexError && error.kind === 'locked';
      if (!isLocked || systemClock.monotonicMs() > lastMs) throw error;
    }
    await sleep(systemClock, RETRY_MS, signal);
  }
}
