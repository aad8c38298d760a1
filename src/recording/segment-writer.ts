import type { FileHandle } from 'node:fs/promises';
import { describeError } from '../base/error.ts';
import type { WallMs } from '../base/time.ts';
import { encodeFragment, type TrackRun } from '../media/fmp4/fragment.ts';
import { encodeInitSegment } from '../media/fmp4/init-segment.ts';
import type { Mp4Track } from '../media/fmp4/mp4-track.ts';
import type { Packet } from '../media/packet.ts';
import { FragmentCutter } from './fragment-cutter.ts';
import { RecordingError } from './recording-error.ts';

/** A file just created, empty, at a path that nobody else writes to. */
export interface NewFile {
  readonly path: string;
  readonly handle: FileHandle;
}

export interface SegmentWriterOptions {
  readonly create: () => Promise<NewFile>;
  readonly tracks: readonly Mp4Track[];
  /** The key picture that the file starts with; to be pushed too. */
  readonly first: Packet;
  readonly startWallMs: WallMs;
  /** What may wait for the disk; beyond it the file ends with `too-slow`. */
  readonly maxQueuedBytes: number;
  /** Called at most once, when the file can take no more. */
  readonly onFailed: (error: RecordingError) => void;
}

/**
 * Writes one MP4 file, a fragment a write, in the background. The file is playable after every fragment: a write
 * that fails half-way is cut off again. Pushing never waits for the disk.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #cutter: FragmentCutter;
  #file: NewFile | undefined;
  #queue: Promise<void>;
  #queuedBytes = 0;
  #writtenBytes = 0;
  #fragments = 0;
  #failure: RecordingError | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#cutter = new FragmentCutter(options.tracks);
    this.#queue = this.#begin();
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

  /** Takes a packet of one of the file's tracks; ignored after a failure. */
  push(packet: Packet): void {
    if (this.#failure !== undefined) return;
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

  async #begin(): Promise<void> {
    const { create, tracks, first, startWallMs } = this.#options;
    try {
      const head = encodeInitSegment({ tracks, first, createdAt: startWallMs });
      this.#file = await create();
      await this.#write([head]);
    } catch (error) {
      this.#fail(error);
    }
  }

  #enqueue(fragment: readonly TrackRun[]): void {
    let pieces: readonly Uint8Array[];
    try {
      pieces = encodeFragment(++this.#fragments, fragment);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
    if (this.#queuedBytes + sizeBytes > this.#options.maxQueuedBytes) {
      const mib = (this.#queuedBytes / 2 ** 20).toFixed(0);
      this.#fail(
        new RecordingError('too-slow', `the disk is ${mib} MiB behind while writing ${this.#name()}`),
      );
      return;
    }
    this.#queuedBytes += sizeBytes;
    this.#queue = this.#queue.then(() => this.#writeQueued(pieces, sizeBytes));
  }

  async #writeQueued(pieces: readonly Uint8Array[], sizeBytes: number): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#write(pieces);
    } catch (error) {
      await this.#cutOffTornTail();
      this.#fail(error);
    } finally {
      this.#queuedBytes -= sizeBytes;
    }
  }

  /** One `writev`, repeated only for what the system left over. */
  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#file === undefined) return;
    let position = this.#writtenBytes;
    for (let rest = pieces; rest.length > 0;) {
      const { bytesWritten } = await this.#file.handle.writev(rest, position);
      position += bytesWritten;
      rest = after(rest, bytesWritten);
    }
    this.#writtenBytes = position;
  }

  async #cutOffTornTail(): Promise<void> {
    // The first failure is what counts; a disk that refuses this too leaves a tail that players and start-up skip.
    await this.#file?.handle.truncate(this.#writtenBytes).catch(() => undefined);
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
