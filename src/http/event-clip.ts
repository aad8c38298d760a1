import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { findMounted } from '../archive/mounted-volume.ts';
import type { Config } from '../config/config.ts';
import type { EventRecord } from '../db/records.ts';
import { exportCamera, type ExportedFile } from '../playback/export-camera.ts';
import { findInIndex, type FootageIndex } from '../playback/find-segments.ts';

export interface EventClip {
  /** Its file is gone when the stream is closed. */
  readonly stream: Readable;
  readonly sizeBytes: number;
}

/**
 * An event's footage as one MP4 file, copied without decoding. Where the camera changed its format meanwhile, the longest part.
 * @throws PlaybackError `nothing` where there is no footage; IndexError; the signal's reason.
 */
export async function makeEventClip(
  { index, config }: { readonly index: FootageIndex; readonly config: Config },
  event: EventRecord,
  signal: AbortSignal,
): Promise<EventClip> {
  const { camera, fromWallMs, untilWallMs: toWallMs } = event;
  const mounted = await findMounted(config.archive.volumes);
  const span = { fromWallMs, toWallMs };
  const files = await findInIndex(index, mounted, { camera, span, onProblem: () => undefined });
  await mkdir(config.web.folder, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(config.web.folder, 'clip-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { files: written } = await exportCamera({
      camera,
      files,
      span,
      gaps: 'skip',
      path: join(folder, 'clip.mp4'),
      isReplaced: false,
      onProgress: () => undefined,
      signal,
    });
    const { path, sizeBytes } = longest(written);
    const stream = createReadStream(path);
    stream.once('close', () => void remove());
    return { stream, sizeBytes };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @param files at least one. */
function longest(files: readonly ExportedFile[]): ExportedFile {
  return files.reduce((best, file) => (file.lengthMs > best.lengthMs ? file : best));
}
