import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { findMounted } from '../archive/mounted-volume.ts';
import type { Config } from '../config/config.ts';
import type { EventRecord } from '../db/records.ts';
import { exportCamera, type ExportedFile } from '../playback/export-camera.ts';
import { findInIndex, type FootageIndex } from '../playback/find-segments.ts';
import { HttpError } from './http-error.ts';
import { removeStrays } from './remove-strays.ts';

export interface EventClip {
  /** Its file is gone when the stream is closed. */
  readonly stream: Readable;
  readonly sizeBytes: number;
}

export interface EventClipsOptions {
  readonly index: FootageIndex;
  readonly config: () => Config;
}

/** Being made or downloaded: each is a file beside the recordings until it was. */
const MOST_AT_ONCE = 8;

/** Of folders with one clip each. */
const CLIP_PREFIX = 'clip-';
const CLIP = /^clip-\w{6}$/;

/** Events' footage as MP4 files, copied without decoding. */
export class EventClips {
  readonly #options: EventClipsOptions;
  #atOnce = 0;
  #prepared: Promise<string> | undefined;

  constructor(options: EventClipsOptions) {
    this.#options = options;
  }

  /**
   * Where the camera changed its format meanwhile, the longest part.
   * @throws PlaybackError `nothing` where there is no footage; HttpError while too many are downloaded; IndexError; the
   * signal's reason.
   */
  async make(event: EventRecord, signal: AbortSignal): Promise<EventClip> {
    if (this.#atOnce >= MOST_AT_ONCE) {
      throw new HttpError(429, 'Other clips are being downloaded: try again in a moment.', {
        reason: { code: 'downloads-busy' },
      });
    }
    this.#atOnce += 1;
    let folder: string | undefined;
    const leave = async () => {
      this.#atOnce -= 1;
      // What cannot be removed now goes when the next process prepares the folder.
      if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    };
    try {
      folder = await mkdtemp(join(await this.#preparedFolder(), CLIP_PREFIX));
      const { path, sizeBytes } = await this.#export(event, join(folder, 'clip.mp4'), signal);
      const stream = createReadStream(path);
      stream.once('close', () => void leave());
      return { stream, sizeBytes };
    } catch (error) {
      await leave();
      throw error;
    }
  }

  /** Prepared once; a disk that was full or away is tried again for the next clip. */
  async #preparedFolder(): Promise<string> {
    const preparing = (this.#prepared ??= prepare(join(this.#options.config().web.folder, 'clips')));
    try {
      return await preparing;
    } catch (error) {
      if (this.#prepared === preparing) this.#prepared = undefined;
      throw error;
    }
  }

  async #export(
    { camera, fromWallMs, untilWallMs: toWallMs }: EventRecord,
    path: string,
    signal: AbortSignal,
  ): Promise<ExportedFile> {
    const { index, config } = this.#options;
    const mounted = await findMounted(config().archive.volumes);
    const span = { fromWallMs, toWallMs };
    const files = await findInIndex(index, mounted, { camera, span, onProblem: () => undefined });
    const onProgress = () => undefined;
    const { files: written } = await exportCamera({
      camera,
      files,
      span,
      path,
      onProgress,
      signal,
      gaps: 'skip',
      isReplaced: false,
    });
    return longest(written);
  }
}

/** Without what a process has left that was killed. */
async function prepare(folder: string): Promise<string> {
  await removeStrays(folder, (name) => CLIP.test(name));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** @param files at least one. */
function longest(files: readonly ExportedFile[]): ExportedFile {
  return files.reduce((best, file) => (file.lengthMs > best.lengthMs ? file : best));
}
