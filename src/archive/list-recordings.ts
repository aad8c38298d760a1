import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WallMs } from '../base/time.ts';
import type { SegmentKind } from '../db/records.ts';
import { readSidecar } from './read-sidecar.ts';

/** A recording of the archive, as its sidecar tells it. */
export interface ListedRecording {
  readonly path: string;
  readonly kind: SegmentKind;
  readonly startWallMs: WallMs;
  /** Undefined while the file grows, and where the recorder was killed. */
  readonly endWallMs: WallMs | undefined;
  /** The name of the file that this one goes on from without a gap, if any. */
  readonly continues: string | undefined;
}

/**
 * All recordings of a camera, in order of time. Files without a readable sidecar are left out.
 * @param root the archive's folder.
 * @throws an error of the system when the camera's folder cannot be read; one that is missing holds nothing.
 */
export async function listRecordings(root: string, camera: string): Promise<readonly ListedRecording[]> {
  const folder = join(root, camera);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing);
  const recordings: ListedRecording[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
    const recording = await readRecording(entry.parentPath, entry.name);
    if (recording !== undefined) recordings.push(recording);
  }
  return recordings.toSorted((a, b) => a.startWallMs - b.startWallMs);
}

/** Somebody may have put any JSON there. */
async function readRecording(folder: string, name: string): Promise<ListedRecording | undefined> {
  const path = join(folder, name.replace(/\.json$/, '.mp4'));
  const sidecar = await readSidecar(path).catch(() => undefined);
  if (sidecar === undefined) return undefined;
  const { kind, startWallMs, endWallMs, continues } = sidecar;
  return { path, kind, startWallMs, endWallMs, continues };
}

function noneIfMissing(error: unknown): never[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
