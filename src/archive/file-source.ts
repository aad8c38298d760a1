import { open, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../media/fmp4/byte-source.ts';

/** A file on disk as the MP4 readers see it: as long as it was when it was opened, even if it grows. */
export class FileSource implements ByteSource, AsyncDisposable {
  readonly sizeBytes: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, sizeBytes: number) {
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
  }

  /** @throws an error of the system when there is no such file, or it may not be read. */
  static async open(path: string): Promise<FileSource> {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      return new FileSource(handle, size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(positionBytes: number, lengthBytes: number): Promise<Uint8Array> {
    const wantedBytes = Math.max(0, Math.min(lengthBytes, this.sizeBytes - positionBytes));
    const buffer = new Uint8Array(wantedBytes);
    let filledBytes = 0;
    while (filledBytes < wantedBytes) {
      const { bytesRead } = await this.#handle.read(
        buffer,
        filledBytes,
        wantedBytes - filledBytes,
        positionBytes + filledBytes,
      );
      if (bytesRead === 0) return buffer.subarray(0, filledBytes);
      filledBytes += bytesRead;
    }
    return buffer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
