import { Mp4Error } from './mp4-error.ts';

/** A file, as the readers see it. */
export interface ByteSource {
  readonly sizeBytes: number;
  /**
   * The bytes from `positionBytes` on: `lengthBytes` of them, or fewer where the file ends. They stay unchanged.
   */
  read(positionBytes: number, lengthBytes: number): Promise<Uint8Array>;
}

/** @throws Mp4Error `truncated` when the file ends before. */
export async function readExactly(
  source: ByteSource,
  positionBytes: number,
  lengthBytes: number,
): Promise<Uint8Array> {
  const found = await source.read(positionBytes, lengthBytes);
  if (found.byteLength < lengthBytes) {
    throw new Mp4Error(
      'truncated',
      `cannot read ${lengthBytes} bytes of the file: it has ${found.byteLength} more`,
      positionBytes,
    );
  }
  return found;
}

/** A file held in memory. */
export function memorySource(content: Uint8Array): ByteSource {
  return {
    sizeBytes: content.byteLength,
    read: async (positionBytes, lengthBytes) => content.subarray(positionBytes, positionBytes + lengthBytes),
  };
}

/** Enough for the `moof` of a usual fragment and the head of its `mdat`, so that it costs one read. */
const WINDOW_BYTES = 8192;

/** Serves the small reads of a parser that goes forward from one larger read of `source`. Holds 8 KiB. */
export class WindowedSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowPositionBytes = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.sizeBytes = source.sizeBytes;
  }

  async read(positionBytes: number, lengthBytes: number): Promise<Uint8Array> {
    if (lengthBytes > WINDOW_BYTES) return await this.#source.read(positionBytes, lengthBytes);
    if (!this.#holds(positionBytes, lengthBytes)) {
      this.#window = await this.#source.read(positionBytes, WINDOW_BYTES);
      this.#windowPositionBytes = positionBytes;
    }
    const start = positionBytes - this.#windowPositionBytes;
    return this.#window.subarray(start, start + lengthBytes);
  }

  #holds(positionBytes: number, lengthBytes: number): boolean {
    const endBytes = this.#windowPositionBytes + this.#window.byteLength;
    return positionBytes >= this.#windowPositionBytes && positionBytes + lengthBytes <= endBytes;
  }
}
