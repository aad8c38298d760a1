import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WallMs } from '../base/time.ts';
import { wallMs } from '../base/time.ts';
import { SET_ASIDE_FOLDER } from './set-aside.ts';
import { IDENTITY_FILE, VOLUME_LOCK_FILE } from './volume-identity.ts';

/**
 * What a name in an archive says about its file:
 * - `recording`, `sidecar`: as the recorder names them; `leftover`: what is renamed when it is complete, and was not;
 * - `identity`: of the volume, or its lock;
 * - `foreign`: nothing of ours, links and special files included. It is told and never touched.
 */
export type FoundKind = 'recording' | 'sidecar' | 'leftover' | 'identity' | 'foreign';

export interface FoundFile {
  readonly name: string;
  readonly kind: FoundKind;
}

/** A folder of a volume. */
export interface FoundFolder {
  /** Below the volume's folder, with `/` between its parts; empty for the volume's own. */
  readonly path: string;
  /** In alphabetical order. */
  readonly files: readonly FoundFile[];
}

/** What lies below a camera's folder is ours if it is named like this. */
const RECORDING = /^\d\d-\d\d-\d\d(-\d{1,4})?\.mp4$/;
const SIDECAR = /^\d\d-\d\d-\d\d(-\d{1,4})?\.json$/;
const LEFTOVER = /^\d\d-\d\d-\d\d(-\d{1,4})?\.(json|mp4)\.new$/;
/** Made by file systems in the root of a disk. */
const LOST_AND_FOUND = 'lost+found';

/**
 * All folders of a volume, each before those in it. No link is followed: what our own links within the archive lead to
 * lies in it anyway. Hidden folders are not entered, for ours are never hidden.
 * @param root of the volume, absolute.
 * @param changedSince leaves out folders in which nothing was created, renamed or deleted since then; undefined for none.
 * @throws an error of the system when a folder cannot be read; one that vanishes meanwhile is left out.
 */
export async function* walkVolume(
  root: string,
  changedSince: WallMs | undefined,
  signal: AbortSignal,
): AsyncGenerator<FoundFolder> {
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal.throwIfAborted();
    const before = await lstat(join(root, path)).catch(goneWhereMissing);
    if (before === undefined) continue;
    const hasChanged = changedSince === undefined || wallMs(before.mtimeMs) >= changedSince;
    // A folder has a link from each of its sub-folders, and two of its own; on file systems that count so.
    if (!hasChanged && before.nlink === 2) continue;
    const entries = await readdir(join(root, path), { withFileTypes: true }).catch(goneWhereMissing);
    if (entries === undefined) continue;
    const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const folders = sorted.filter((entry) => isEntered(entry, path));
    waiting.push(...folders.map(({ name }) => joined(path, name)).toReversed());
    if (!hasChanged) continue;
    const files = sorted.flatMap((entry) => (folders.includes(entry) ? [] : foundFile(entry, path)));
    yield { path, files };
  }
}

/** Whether a path below a volume's folder is named like a recording's. */
export function isRecordingPath(path: string): boolean {
  const parts = path.split('/');
  return parts.length > 1 && RECORDING.test(parts.at(-1) ?? '');
}

/** The relative path of what is named so in a folder. */
export function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isEntered(entry: Dirent, parent: string): boolean {
  if (!entry.isDirectory() || entry.name.startsWith('.')) return false;
  return parent !== '' || entry.name !== LOST_AND_FOUND;
}

function foundFile(entry: Dirent, folder: string): FoundFile[] {
  const { name } = entry;
  if (entry.isDirectory()) return isOurFolder(name, folder) ? [] : [{ name, kind: 'foreign' }];
  return [{ name, kind: entry.isFile() ? kindOf(name, folder) : 'foreign' }];
}

/** Of those that are not entered. */
function isOurFolder(name: string, parent: string): boolean {
  return parent === '' && (name === SET_ASIDE_FOLDER || name === LOST_AND_FOUND);
}

/** In the volume's folder lie no recordings, for they lie in their camera's. */
function kindOf(name: string, folder: string): FoundKind {
  if (folder === '') {
    if (name === IDENTITY_FILE || name === VOLUME_LOCK_FILE) return 'identity';
    return name === `${IDENTITY_FILE}.new` ? 'leftover' : 'foreign';
  }
  if (RECORDING.test(name)) return 'recording';
  if (SIDECAR.test(name)) return 'sidecar';
  return LEFTOVER.test(name) ? 'leftover' : 'foreign';
}

function goneWhereMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}
