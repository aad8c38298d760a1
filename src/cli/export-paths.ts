import { existsSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isBelow } from '../archive/is-below.ts';
import type { WallMs } from '../base/time.ts';
import { timeFields, type TimeZone } from '../config/folder-template.ts';
import { requireCameraName } from '../playback/camera-name.ts';
import { PlaybackError } from '../playback/playback-error.ts';

/** Where one camera's footage goes. */
export interface ExportPath {
  readonly camera: string;
  /** Absolute; its folder may not be there yet. */
  readonly path: string;
}

export interface ExportPathOptions {
  /** A file, where there is one camera and it ends in `.mp4`; else a folder. */
  readonly out: string;
  readonly fromWallMs: WallMs;
  readonly timeZone: TimeZone;
  /** Where nothing is written to. */
  readonly archiveFolders: readonly string[];
}

/** @throws PlaybackError `outside` for a place within the archive, and for a name that is none of a camera. */
export async function exportPaths(
  cameras: readonly string[],
  { out, fromWallMs, timeZone, archiveFolders }: ExportPathOptions,
): Promise<readonly ExportPath[]> {
  for (const camera of cameras) requireCameraName(camera);
  const isFile = cameras.length === 1 && /\.mp4$/i.test(out) && !isFolder(out);
  const folder = await realFuturePath(resolve(isFile ? dirname(out) : out));
  for (const archive of archiveFolders) {
    const root = await realFuturePath(archive);
    if (folder === root || isBelow(root, folder)) {
      throw new PlaybackError('outside', `${out}: lies in the archive, which holds recordings only`);
    }
  }
  const name = isFile ? basename(out) : `${fileTime(fromWallMs, timeZone)}.mp4`;
  return cameras.map((camera) => ({ camera, path: join(folder, isFile ? name : `${camera}_${name}`) }));
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** The path without links, as far as there is something. */
async function realFuturePath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (dirname(path) === path) throw error;
    return join(await realFuturePath(dirname(path)), basename(path));
  }
}

function fileTime(wall: WallMs, timeZone: TimeZone): string {
  const { yyyy, mm, dd, hh, mi, ss } = timeFields(wall, timeZone);
  return `${yyyy}-${mm}-${dd}_${hh}-${mi}-${ss}`;
}
