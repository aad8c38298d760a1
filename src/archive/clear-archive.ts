import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeDatabase } from '../db/database-files.ts';
import { removeEmptyFolders } from './delete-recording.ts';
import { findOwnedFile } from './owned-file.ts';
import { SET_ASIDE_FOLDER } from './set-aside.ts';
import { syncFolder } from './sync-folder.ts';
import { joined, walkVolume, type FoundKind } from './volume-walk.ts';

export interface ArchiveToClear {
  /** The volumes' folders, absolute. */
  readonly volumePaths: readonly string[];
  readonly indexPath: string;
  readonly logPath: string;
}

/** What is ours in an archive, and would be deleted. */
export interface ArchiveContent {
  readonly recordings: number;
  readonly sizeBytes: number;
}

const DELETED: readonly FoundKind[] = ['recording', 'sidecar', 'leftover'];

/** @throws an error of the system; the signal's reason. */
export async function measureArchive(
  { volumePaths }: ArchiveToClear,
  signal: AbortSignal,
): Promise<ArchiveContent> {
  let recordings = 0;
  let sizeBytes = 0;
  for await (const { root, path, kind } of ownFiles(volumePaths, signal)) {
    const found = await findOwnedFile(root, path);
    if (found.kind !== 'file') continue;
    sizeBytes += found.stats.size;
    if (kind === 'recording') recordings += 1;
  }
  return { recordings, sizeBytes };
}

/**
 * Deletes recordings with what lies beside them, the index and the logs; nothing that is not named like ours. The volumes
 * keep their identities. Nobody else may be at work in it.
 * @returns how many files it deleted.
 * @throws an error of the system; the signal's reason.
 */
export async function clearArchive(archive: ArchiveToClear, signal: AbortSignal): Promise<number> {
  const { volumePaths, indexPath, logPath } = archive;
  let files = 0;
  const folders = new Map<string, string>();
  for await (const { root, path } of ownFiles(volumePaths, signal)) {
    const found = await findOwnedFile(root, path);
    if (found.kind !== 'file') continue;
    await rm(found.path);
    files += 1;
    folders.set(dirname(found.path), root);
  }
  for (const [folder, root] of folders) {
    await syncFolder(folder);
    await removeEmptyFolders(root, folder);
  }
  removeDatabase(indexPath);
  return files + (await removeNamed(indexPath, isIndexAside)) + (await removeNamed(logPath, isLog));
}

interface OwnFile {
  readonly root: string;
  readonly path: string;
  readonly kind: FoundKind;
}

async function* ownFiles(volumePaths: readonly string[], signal: AbortSignal): AsyncGenerator<OwnFile> {
  for (const volume of volumePaths) {
    for (const root of [volume, join(volume, SET_ASIDE_FOLDER)]) {
      for await (const { path: folder, files } of walkVolume(root, undefined, signal)) {
        for (const { name, kind } of files) {
          if (folder !== '' && DELETED.includes(kind)) yield { root, path: joined(folder, name), kind };
        }
      }
    }
  }
}

/** Deletes files beside `path` whose name goes on after its own as `isOurs` says. */
async function removeNamed(path: string, isOurs: (rest: string) => boolean): Promise<number> {
  const folder = dirname(path);
  const entries = await readdir(folder, { withFileTypes: true }).catch(noneIfMissing);
  const ours = entries.filter(
    (entry) => entry.isFile() && entry.name.startsWith(basename(path)) && isOurs(entry.name.slice(basename(path).length)),
  );
  for (const { name } of ours) await rm(join(folder, name));
  return ours.length;
}

function isIndexAside(rest: string): boolean {
  return /^\.(damaged|replaced)-\d{4}-\d\d-\d\dT[\d.-]+Z(-wal|-shm)?$/.test(rest);
}

function isLog(rest: string): boolean {
  return /^(\.\d+)?$/.test(rest);
}

function noneIfMissing(error: unknown): never[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
