import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clipFileName, type ClipSpec } from './clip-spec.ts';
import { formatClip, parseClip, type Clip } from './clip.ts';
import { EncodeError } from '../decode/encode-error.ts';

/**
 * Makes the file of a clip at `path`, which does not exist yet, reporting percent.
 * @throws EncodeError; or the signal's reason once it aborts.
 */
export type ClipMaker = (
  spec: ClipSpec,
  path: string,
  onProgress: (percent: number) => void,
  signal: AbortSignal,
) => Promise<void>;

export interface ClipRequest {
  readonly spec: ClipSpec;
  /** Folder of the clips; made where missing. Where it cannot be used, as by a user without a home, nothing is kept. */
  readonly cacheDir: string;
  readonly make: ClipMaker;
  readonly onProgress: (percent: number) => void;
  readonly signal: AbortSignal;
}

/**
 * The clip of a specification, from the cache or made now. Several askers at once, in whatever process, each make
 * their own under another name and rename it into place whole.
 * @throws EncodeError if it cannot be made; errors of the file system pass through.
 */
export async function obtainClip(request: ClipRequest): Promise<Clip> {
  if (await canKeepIn(request.cacheDir)) return await obtainFrom(request.cacheDir, request);
  const folder = await mkdtemp(join(tmpdir(), 'preroll-demo-'));
  try {
    return await obtainFrom(folder, request);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function canKeepIn(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function obtainFrom(folder: string, request: ClipRequest): Promise<Clip> {
  const { spec, onProgress } = request;
  const path = join(folder, clipFileName(spec));
  const cached = await readClip(path);
  if (cached !== undefined) {
    onProgress(100);
    return cached;
  }
  const partPath = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await request.make(spec, partPath, onProgress, request.signal);
    await rename(partPath, path);
  } finally {
    await rm(partPath, { force: true });
  }
  const made = await readClip(path);
  if (made === undefined) throw new EncodeError(`reading the clip ${path} just made, found no clip`);
  return made;
}

/** Writes a clip to a file that does not exist yet. */
export async function writeClip(clip: Clip, path: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(Buffer.concat(formatClip(clip)));
  } finally {
    await file.close();
  }
}

async function readClip(path: string): Promise<Clip | undefined> {
  try {
    return parseClip(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
