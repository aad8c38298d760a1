import { rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../archive/sync-folder.ts';
import { requireProgress } from '../archive/write-fully.ts';
import { systemCode } from '../base/error.ts';
import type { FileKey } from '../db/records.ts';

/** A file just created, empty, at a path that nobody else writes to. */
export interface NewFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly key: FileKey;
}

/**
 * A growing file that knows how much of it is surely on disk. What it is given is whole after each write, or not there
 * at all. One call at a time.
 */
export class SegmentFile {
  readonly #file: NewFile;
  #writtenBytes = 0;
  #syncedBytes = 0;
  #isNameSynced = false;
  #failedSync: unknown;

  constructor(file: NewFile) {
    this.#file = file;
  }

  get path(): string {
    return this.#file.path;
  }

  get key(): FileKey {
    return this.#file.key;
  }

  /**
   * One `writev`, repeated only for what the system left over.
   * @throws an error of the system; what it took of the pieces is cut off again.
   */
  async append(pieces: readonly Uint8Array[]): Promise<void> {
    let position = this.#writtenBytes;
    try {
      for (let rest = pieces; rest.length > 0;) {
        const { bytesWritten } = await this.#file.handle.writev(rest, position);
        requireProgress(bytesWritten);
        position += bytesWritten;
        rest = after(rest, bytesWritten);
      }
    } catch (error) {
      await this.#cutTo(this.#writtenBytes);
      throw error;
    }
    this.#writtenBytes = position;
  }

  /**
   * Puts on disk what was written so far, the first time the file's name too, if the system has a file to spare for that.
   * @throws an error of the system. The kernel may then have dropped what it could not write and call the next sync a
   *   success, so the file ends for good where the last good one left it.
   */
  async sync(): Promise<void> {
    if (this.#failedSync !== undefined) throw this.#failedSync;
    const bytes = this.#writtenBytes;
    try {
      await this.#file.handle.datasync();
      if (!this.#isNameSynced) this.#isNameSynced = await syncName(this.path);
    } catch (error) {
      this.#failedSync = error;
      await this.#cutTo(this.#syncedBytes);
      throw error;
    }
    this.#syncedBytes = bytes;
  }

  /**
   * Closes the file, and removes it if nothing was ever synced.
   * @throws an error of the system.
   */
  async close(): Promise<void> {
    if (this.#syncedBytes === 0) await rm(this.path, { force: true }).catch(() => undefined);
    await this.#file.handle.close();
  }

  /** Best effort: a disk that refuses this too leaves a tail that players and start-up skip. */
  async #cutTo(sizeBytes: number): Promise<void> {
    await this.#file.handle.truncate(sizeBytes).catch(() => undefined);
  }
}

/** No more files can be opened, by this process or by anybody. */
const OUT_OF_FILES: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE']);

/**
 * @returns whether it is on disk. Where no folder can be opened for it the file itself is none the worse, and it is tried again with
 *   the next sync.
 * @throws any other error of the system.
 */
async function syncName(path: string): Promise<boolean> {
  try {
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (OUT_OF_FILES.has(systemCode(error) ?? '')) return false;
    throw error;
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
