import { rm, type FileHandle } from 'node:fs/promises';
import { describeError } from '../base/error.ts';
import type { WallMs } from '../base/time.ts';
import { FileMuxer } from '../media/fmp4/file-muxer.ts';
import type { TrackRun } from '../media/fmp4/fragment.ts';
import type { Packet } from '../media/packet.ts';
import { FragmentCutter, type Mp4Packet } from './fragment-cutter.ts';
import { RecordingError } from './recording-error.ts';

/** A file just created, empty, at a path that nobody else writes to. */
export interface NewFile {
  readonly path: string;
  readonly handle: FileHandle;
}

export interface SegmentWriterOptions {
  readonly create: () => Promise<NewFile>;
  /** When its first picture was taken. */
  readonly startWallMs: WallMs;
  /** When the run began that it is a part of. */
  readonly runStartWallMs: WallMs;
  /** What may wait for the disk; beyond it the file ends with `too-slow`. */
  readonly maxQueuedBytes: number;
  /** Called when the first fragment is on its way to the disk, so that a file is never empty. */
  readonly onCreated: (path: string) => void;
  /** Called at most once, when the file can take no more. */
  readonly onFailed: (error: RecordingError) => void;
}

/**
 * Writes one MP4 file, a fragment a write, in the background. The file is playable after every fragment: a write
 * that fails half-way is cut off again. Pushing never waits for the disk.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #cutter = new FragmentCutter();
  #muxer: FileMuxer | undefined;
  #file: NewFile | undefined;
  #queue = Promise.resolve();
  #queuedBytes = 0;
  #writtenBytes = 0;
  #failure: RecordingError | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  /** The file's path once it exists. */
  get path(): string | undefined {
    return this.#file?.path;
  }

  /** Bytes on disk, whole fragments only. */
  get sizeBytes(): number {
    return this.#writtenBytes;
  }

  /** Resolves when everything pushed so far in whole fragments is written, or the file has failed. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** Whether the first fragment is complete: the file has the tracks of its packets, and takes no other ones. */
  get hasBegun(): boolean {
    return this.#muxer !== undefined;
  }

  /** Takes a packet of one of the file's tracks; ignored after a failure. */
  push(packet: Mp4Packet): void {
    if (this.#failure !== undefined) return;
    packet.memory?.hold();
    const fragment = this.#cutter.push(packet);
    if (fragment !== undefined) this.#enqueue(fragment);
  }

  /**
   * Writes what is left and closes the file. Never rejects: a failure has been told through `onFailed`.
   * @param next the video packet that the camera sent after the last one pushed, if any.
   */
  async close(next?: Packet): Promise<void> {
    const rest = this.#failure === undefined ? this.#cutter.cut(next?.dts) : undefined;
    if (rest !== undefined) this.#enqueue(rest);
    await this.#queue;
    try {
      await this.#file?.handle.close();
    } catch (error) {
      this.#fail(new RecordingError('write', `could not close ${this.#name()}`, { cause: error }));
    }
  }

  #enqueue(fragment: readonly TrackRun[]): void {
    try {
      const pieces = this.#encode(fragment);
      const sizeBytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
      this.#requireRoom(sizeBytes);
      this.#queuedBytes += sizeBytes;
      this.#queue = this.#queue.then(() => this.#writeQueued(fragment, pieces, sizeBytes));
    } catch (error) {
      release(fragment);
      this.#fail(error);
    }
  }

  #encode(fragment: readonly TrackRun[]): readonly Uint8Array[] {
    this.#muxer ??= new FileMuxer({
      tracks: fragment.map(({ track }) => track),
      createdAt: this.#options.startWallMs,
      runStartWallMs: this.#options.runStartWallMs,
    });
    return this.#muxer.encode(fragment);
  }

  /** @throws RecordingError `too-slow` */
  #requireRoom(sizeBytes: number): void {
    if (this.#queuedBytes + sizeBytes <= this.#options.maxQueuedBytes) return;
    const mib = (this.#queuedBytes / 2 ** 20).toFixed(0);
    throw new RecordingError('too-slow', `the disk is ${mib} MiB behind while writing ${this.#name()}`);
  }

  async #writeQueued(
    fragment: readonly TrackRun[],
    pieces: readonly Uint8Array[],
    sizeBytes: number,
  ): Promise<void> {
    try {
      // What was taken before the disk fell too far behind is written all the same.
      if (this.#failure?.kind !== 'write') await this.#write(pieces);
    } catch (error) {
      await this.#cutOffTornTail();
      this.#fail(error);
    } finally {
      this.#queuedBytes -= sizeBytes;
      release(fragment);
    }
  }

  /** One `writev`, repeated only for what the system left over. */
  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    const file = this.#file ?? (await this.#createFile());
    let position = this.#writtenBytes;
    for (let rest = pieces; rest.length > 0;) {
      const { bytesWritten } = await file.handle.writev(rest, position);
      position += bytesWritten;
      rest = after(rest, bytesWritten);
    }
    this.#writtenBytes = position;
  }

  async #createFile(): Promise<NewFile> {
    this.#file = await this.#options.create();
    this.#options.onCreated(this.#file.path);
    return this.#file;
  }

  async #cutOffTornTail(): Promise<void> {
    if (this.#file === undefined) return;
    const { handle, path } = this.#file;
    // The first failure is what counts; a disk that refuses this too leaves a tail that players and start-up skip.
    await handle.truncate(this.#writtenBytes).catch(() => undefined);
    if (this.#writtenBytes === 0) await rm(path, { force: true }).catch(() => undefined);
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure =
      cause instanceof RecordingError
        ? cause
        : new RecordingError('write', `could not write ${this.#name()}: ${describeError(cause)}`, { cause });
    this.#options.onFailed(this.#failure);
  }

  #name(): string {
    return this.#file?.path ?? 'a new file';
  }
}

function release(fragment: readonly TrackRun[]): void {
  for (const { packets } of fragment) for (const packet of packets) packet.memory?.release();
}

/** The pieces without their first `bytes`. */
function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  const index = pieces.findIndex((piece) => {
    if (left < piece.byteLength) return true;
    left -= piece.byteLength;
    return false;
  });
  const first = pieces[index];
  return first === undefined ? [] : [first.subarray(left), ...pieces.slice(index + 1)];
}
