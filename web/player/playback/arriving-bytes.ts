import { BOX_HEADER_BYTES, boxSizeBytes } from './mp4.ts';

/** Bytes that come one after the other, to be read where they have come. */
export class ArrivingBytes {
  /** As large as they may become; what has not come is zero. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #source: AsyncGenerator<Uint8Array, void>;
  #comeBytes = 0;

  constructor(source: AsyncGenerator<Uint8Array, void>, maxBytes: number) {
    this.#source = source;
    this.bytes = new Uint8Array(maxBytes);
  }

  /** Waits until so many have come. @returns false where they end before. @throws as the source does. */
  async reach(endBytes: number): Promise<boolean> {
    while (this.#comeBytes < Math.min(endBytes, this.bytes.byteLength)) {
      const { done, value } = await this.#source.next();
      if (done === true) return false;
      const piece = value.subarray(0, this.bytes.byteLength - this.#comeBytes);
      this.bytes.set(piece, this.#comeBytes);
      this.#comeBytes += piece.byteLength;
    }
    return endBytes <= this.#comeBytes;
  }

  /** Takes nothing more. */
  async end(): Promise<void> {
    await this.#source.return();
  }
}

/**
 * What fragments follow, and they, of bytes that begin with `ftyp` and `moov`.
 * @throws as the source does; RangeError where they end before.
 */
export async function splitInit(source: AsyncGenerator<Uint8Array, void>) {
  let come = new Uint8Array(0);
  const reach = async (endBytes: number): Promise<void> => {
    while (come.byteLength < endBytes) {
      const { done, value } = await source.next();
      if (done === true) throw new RangeError(`expected ${endBytes} bytes, found ${come.byteLength}`);
      come = joined(come, value);
    }
  };
  let initBytes = 0;
  for (let boxes = 0; boxes < 2; boxes += 1) {
    await reach(initBytes + BOX_HEADER_BYTES);
    initBytes += boxSizeBytes(come, initBytes);
  }
  await reach(initBytes);
  return { init: come.slice(0, initBytes), rest: following(come.subarray(initBytes), source) };
}

async function* following(
  first: Uint8Array,
  source: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  try {
    if (first.byteLength > 0) yield first;
    yield* source;
  } finally {
    await source.return();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.byteLength + b.byteLength);
  bytes.set(a);
  bytes.set(b, a.byteLength);
  return bytes;
}
