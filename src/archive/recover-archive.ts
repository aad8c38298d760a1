import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import { IndexError } from '../db/index-error.ts';

import type { EventRecord, FileKey, VolumeRecord } from '../db/records.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { pathsIn } from './index-rows.ts';
import { settleRecording } from './settle-recording.ts';
import { joined, walkVolume, type FoundFolder } from './volume-walk.ts';

export interface RecoveryOptions {
  readonly index: IndexAccess;
  /** Those that are there; rows and files of others are left alone. */
  readonly volumes: readonly VolumeRecord[];
  /** The last sign of life of the recorder before this one; undefined where the whole archive is to be looked at. */
  readonly lastAliveWallMs: WallMs | undefined;
  /** When this process began to record. */
  readonly startedWallMs: WallMs;
  /** Whether this process made the file, which it may still be writing to. */
  readonly isOwn: (file: FileKey) => boolean;
  readonly log: Log;
  /** Told of each file that was looked at. */
  readonly onFile?: () => void;
}

/** What was put right. */
export interface Recovery {
  /** Files that are closed now. */
  settled: number;
  /** Torn tails that were cut off, all together. */
  cutBytes: number;
  /** Files without a picture, and leftovers. */
  removed: number;
  /** Rows without a file. */
  missing: number;
  /** Files of the garbage that are deleted now. */
  deleted: number;
  /** Files that hold what we do not understand: for `preroll archive check`. */
  left: number;
}

/**
 * How long before the last sign of life something may have happened in a folder that the index was not told: it is told every few
 * seconds, unless it cannot be written to, and then there was no sign of life either.
 */
const MARGIN_MS = 10 * 60_000;

/**
 * Puts the archive right after a killed recorder or a power cut: closes the files that were open, finds those that the
 * index was not told of, and finishes deletions. Runs beside the recorder and touches nothing that this process
 * makes; each step is whole by itself, so that it can be broken off and done again.
 * @returns what was put right; trouble with single files is told in the log and does not end it.
 * @throws IndexError when the index fails, an error of the system when a folder cannot be read; the signal's reason.
 */
export async function recoverArchive(options: RecoveryOptions, signal: AbortSignal): Promise<Recovery> {
  const recovery: Recovery = { settled: 0, cutBytes: 0, removed: 0, missing: 0, deleted: 0, left: 0 };
  const { index, volumes, lastAliveWallMs, isOwn, log } = options;
  for (const { volume: id, path } of await index.openSegments()) {
    signal.throwIfAborted();
    const volume = volumes.find((one) => one.id === id);
    if (volume !== undefined && !isOwn({ volume: id, path })) await settle(options, recovery, volume, path);
  }
  await closeEvents(options);
  const since = lastAliveWallMs === undefined ? undefined : wallMs(lastAliveWallMs - MARGIN_MS);
  for (const volume of volumes) {
    for await (const folder of walkVolume(volume.path, since, signal)) {
      await recoverFolder(options, recovery, volume, folder);
    }
  }
  const garbage = await index.garbage();
  for (const failure of await collectGarbage(index, garbage, volumes, signal)) log.warn(failure);
  recovery.deleted = garbage.length - (await index.garbage()).length;
  return recovery;
}

async function recoverFolder(
  options: RecoveryOptions,
  recovery: Recovery,
  volume: VolumeRecord,
  { path: folder, files }: FoundFolder,
): Promise<void> {
  const { index, isOwn } = options;
  const known = await pathsIn(index, volume, folder);
  for (const { name, kind } of files) {
    const path = joined(folder, name);
    if (kind === 'leftover') await removeLeftover(options, recovery, volume, path);
    if (kind !== 'recording' || known.has(path) || isOwn({ volume: volume.id, path })) continue;
    if (!(await isGarbage(index, volume, path))) await settle(options, recovery, volume, path);
  }
  const names = new Set(files.map(({ name }) => joined(folder, name)));
  for (const path of known) {
    if (!names.has(path) && !isOwn({ volume: volume.id, path })) await settle(options, recovery, volume, path);
  }
}

/** Asked of each file anew: retention gives up files meanwhile. */
async function isGarbage(index: IndexAccess, volume: VolumeRecord, path: string): Promise<boolean> {
  return (await index.garbage()).some((file) => file.volume === volume.id && file.path === path);
}

async function settle(
  { index, log, onFile }: RecoveryOptions,
  recovery: Recovery,
  volume: VolumeRecord,
  path: string,
): Promise<void> {
  const file = join(volume.path, path);
  try {
    const settled = await settleRecording(index, volume, path);
    if (settled.kind === 'settled') {
      recovery.settled += 1;
      recovery.cutBytes += settled.cutBytes;
      const { segment, cutBytes } = settled;
      log.debug(`recovered ${file}`, { bytes: segment.sizeBytes, cutBytes });
    } else if (settled.kind === 'removed') {
      recovery.removed += 1;
      log.info(`removed ${file}: its first picture had not been written whole`);
    } else if (settled.kind === 'missing') {
      recovery.missing += 1;
      log.warn(`${file} is gone without the recorder having deleted it; the index says so now`);
    } else {
      recovery.left += 1;
      log.error(`${file} was left as it is: ${settled.why}; preroll archive check tells more`);
    }
  } catch (error) {
    if (error instanceof IndexError) throw error;
    recovery.left += 1;
    log.error(`${file} could not be recovered: ${describeError(error)}`);
  }
  onFile?.();
}

/** What the process before was about to rename. This one's are younger than it. */
async function removeLeftover(
  { startedWallMs, log }: RecoveryOptions,
  recovery: Recovery,
  volume: VolumeRecord,
  path: string,
): Promise<void> {
  const file = join(volume.path, path);
  try {
    if ((await lstat(file)).mtimeMs >= startedWallMs) return;
    await rm(file);
    recovery.removed += 1;
  } catch (error) {
    log.warn(`${file} could not be removed: ${describeError(error)}`);
  }
}

/** How far back an event may have begun that was still open. */
const LONGEST_EVENT_MS = 7 * 24 * 3_600_000;

/** Events that the process before had open have no one to end them. */
async function closeEvents({ index, lastAliveWallMs, startedWallMs }: RecoveryOptions): Promise<void> {
  const events = await index.events({
    fromWallMs: wallMs((lastAliveWallMs ?? startedWallMs) - LONGEST_EVENT_MS),
    toWallMs: startedWallMs,
  });
  const open = events.filter(({ isOpen, triggerWallMs }) => isOpen && triggerWallMs < startedWallMs);
  if (open.length === 0) return;
  await index.apply(open.map((event: EventRecord) => ({ type: 'event', event: { ...event, isOpen: false } })));
}
