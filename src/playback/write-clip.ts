import { createHash } from 'node:crypto';
import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { makeFolderDurably, syncFolder } from '../archive/sync-folder.ts';
import { writeFully } from '../archive/write-fully.ts';
import { OutputFile } from '../base/output-file.ts';
import { checksumOf } from '../media/fmp4/checksum.ts';
import { encodeMovie } from '../media/mp4/movie.ts';
import type { FinishedClip } from './clip.ts';
import type { Extent } from './payload.ts';
import { PlaybackError } from './playback-error.ts';

export interface WriteClipOptions {
  readonly path: string;
  /** Whether a file of that name may be replaced. */
  readonly isReplaced: boolean;
  /** Told now and then which share of it is written, 0..1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

export interface WrittenClip {
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the whole file, in hexadecimal digits. */
  readonly sha256: string;
  /** Bytes of recordings that are not as they were written. They were copied all the same. */
  readonly damages: readonly Extent[];
}

const COPY_BYTES = 2 ** 20;

/**
 * Writes the MP4, in a folder that is made if need be, and beside it `NAME.sha256` as `sha256sum -c` reads it. They have their names once they are whole and on
 * disk; nothing is left of what fails.
 * @throws OutputError; PlaybackError `changed`; Mp4Error `unrepresentable`; an error of the system when the disk takes no
 *   more; the signal's reason.
 */
export async function writeClip(clip: FinishedClip, options: WriteClipOptions): Promise<WrittenClip> {
  const { path, isReplaced, signal } = options;
  await makeFolderDurably(dirname(path));
  using video = new OutputFile(path, isReplaced);
  using checksum = new OutputFile(`${path}.sha256`, isReplaced);
  const written = await writeVideo(clip, video.partPath, options);
  await writeDurably(checksum.partPath, checksumLine(written.sha256, basename(path)));
  signal.throwIfAborted();
  // Never an old sum beside a new file.
  await rm(checksum.path, { force: true });
  video.complete();
  checksum.complete();
  await syncFolder(dirname(path));
  return { path, ...written };
}

async function writeVideo(
  { tracks, payload, recorded }: FinishedClip,
  partPath: string,
  { onProgress, signal }: WriteClipOptions,
): Promise<Omit<WrittenClip, 'path'>> {
  const [first] = recorded;
  if (first === undefined) throw new PlaybackError('nothing', 'there is nothing to write');
  await using target = await open(partPath, 'r+');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const write = async (bytes: Uint8Array) => {
    const writing = writeFully(target, bytes, null);
    // Meanwhile: writing goes on in another thread.
    hash.update(bytes);
    await writing;
    sizeBytes += bytes.byteLength;
  };
  const head = encodeMovie({
    tracks,
    payloadSizeBytes: payload.sizeBytes,
    createdAt: first.fromWallMs,
  });
  const totalBytes = head.byteLength + payload.sizeBytes;
  await write(head);
  const damages: Extent[] = [];
  const onDamage = (extent: Extent) => damages.push(extent);
  for await (const bytes of readExtents(payload.extents, onDamage)) {
    signal.throwIfAborted();
    await write(bytes);
    onProgress(sizeBytes / totalBytes);
  }
  await target.datasync();
  return { sizeBytes, sha256: hash.digest('hex'), damages };
}

/** The bytes of all extents, a view of one buffer at a time. @throws PlaybackError `changed` */
async function* readExtents(
  extents: readonly Extent[],
  onDamage: (extent: Extent) => void,
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(COPY_BYTES);
  let source: { readonly path: string; readonly handle: FileHandle } | undefined;
  try {
    for (const extent of extents) {
      if (source?.path !== extent.path) {
        await source?.handle.close();
        source = undefined;
        source = { path: extent.path, handle: await openSource(extent.path) };
      }
      const checksum = yield* readExtent(source.handle, extent, buffer);
      if (extent.checksum !== undefined && extent.checksum !== checksum) onDamage(extent);
    }
  } finally {
    await source?.handle.close();
  }
}

async function openSource(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new PlaybackError('changed', `${path}: was deleted while it was being exported; try again`, {
      cause: error,
    });
  }
}

/** @returns the checksum. */
async function* readExtent(
  handle: FileHandle,
  { path, positionBytes, sizeBytes }: Extent,
  buffer: Uint8Array,
): AsyncGenerator<Uint8Array, number> {
  let doneBytes = 0;
  let checksum = 0;
  while (doneBytes < sizeBytes) {
    const wantedBytes = Math.min(buffer.byteLength, sizeBytes - doneBytes);
    const { bytesRead } = await handle.read(buffer, 0, wantedBytes, positionBytes + doneBytes);
    if (bytesRead === 0) {
      const found = `${sizeBytes - doneBytes} bytes are missing`;
      throw new PlaybackError('changed', `${path}: was cut while it was being exported, ${found}; try again`);
    }
    const bytes = buffer.subarray(0, bytesRead);
    checksum = checksumOf([bytes], checksum);
    yield bytes;
    doneBytes += bytesRead;
  }
  return checksum;
}

/** As `sha256sum` writes it, which marks a line whose name it had to escape. */
function checksumLine(sha256: string, name: string): string {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using handle = await open(path, 'r+');
  await writeFile(handle, text);
  await handle.datasync();
}
