import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrerollError } from '../base/error.ts';
import { replaceFile } from './replace-file.ts';
import { makeFolderDurably, syncFolder } from './sync-folder.ts';

/** Lies in the folder of each volume and holds its identity. */
export const IDENTITY_FILE = '.preroll-volume.json';

/** Lies beside it in the archive's first volume (`archive-in-use`). */
export const VOLUME_LOCK_FILE = '.preroll-volume.lock';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const NOTE = 'Preroll knows this volume by its id. Without this file it takes the disk for missing.';

/** A file in the place of an identity that is none. */
export class IdentityError extends PrerollError {
  readonly kind = 'identity';
}

/**
 * What a folder says about itself: `volume`, with its UUID; `blank`, where an empty file in the place of the identity
 * asks for a new one; `none`, where there is no such file or no such folder.
 */
export type FoundIdentity =
  { readonly kind: 'volume'; readonly id: string } | { readonly kind: 'blank' } | { readonly kind: 'none' };

/**
 * @param folder of a volume.
 * @throws IdentityError; an error of the system when the file cannot be read.
 */
export async function readIdentity(folder: string): Promise<FoundIdentity> {
  const path = join(folder, IDENTITY_FILE);
  const text = await readFile(path, 'utf8').catch(noneIfMissing);
  if (text === undefined) return { kind: 'none' };
  if (text.trim() === '') return { kind: 'blank' };
  const id = idIn(text);
  if (id !== undefined) return { kind: 'volume', id };
  throw new IdentityError(`${path}: expected {"id": "<UUID>"}, found something else`);
}

/**
 * Makes a folder a volume, with its identity on disk when this returns.
 * @param id a UUID; a new one where it is to be another volume than any before.
 * @returns it.
 * @throws an error of the system.
 */
export async function writeIdentity(folder: string, id: string = randomUUID()): Promise<string> {
  await makeFolderDurably(folder);
  await replaceFile(join(folder, IDENTITY_FILE), `${JSON.stringify({ id, note: NOTE }, undefined, 2)}\n`);
  await syncFolder(folder);
  return id;
}

function idIn(text: string): string | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null || !('id' in content)) return undefined;
  return typeof content.id === 'string' && UUID.test(content.id) ? content.id : undefined;
}

function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}
