import { Mp4Error } from './mp4-error.ts';

/** Reads big-endian numbers one after the other from part of a file. Reading past the end is an `Mp4Error`. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #filePositionBytes: number;
  #offset = 0;

  /** @param filePositionBytes where in the file `bytes` begins; for error messages. */
  constructor(bytes: Uint8Array, filePositionBytes: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#filePositionBytes = filePositionBytes;
  }

  /** Where in the file the next byte lies. */
  get positionBytes(): number {
    return this.#filePositionBytes + this.#offset;
  }

  get remainingBytes(): number {
    return this.#bytes.byteLength - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  /** @throws Mp4Error from 2^53 on, which no time or size here can be. */
  u64(): number {
    return this.#safe(this.u32() * 2 ** 32 + this.u32());
  }

  i64(): number {
    return this.#safe(this.i32() * 2 ** 32 + this.u32());
  }

  /** A 64-bit number where `version` is 1, else a 32-bit one: how ISO 14496-12 widens its times. */
  u32or64(version: number): number {
    return version === 1 ? this.u64() : this.u32();
  }

  /** Four characters. */
  type(): string {
    return String.fromCharCode(...this.take(4));
  }

  /** A view, not a copy. */
  take(lengthBytes: number): Uint8Array {
    const start = this.#advance(lengthBytes);
    return this.#bytes.subarray(start, start + lengthBytes);
  }

  skip(lengthBytes: number): void {
    this.#advance(lengthBytes);
  }

  /** The next bytes as a cursor of their own. */
  slice(lengthBytes: number): ByteCursor {
    const { positionBytes } = this;
    return new ByteCursor(this.take(lengthBytes), positionBytes);
  }

  /** An error about what lies here. */
  malformed(found: string): Mp4Error {
    return new Mp4Error('malformed', `cannot parse the file: ${found}`, this.positionBytes);
  }

  #safe(value: number): number {
    if (!Number.isSafeInteger(value)) throw this.malformed(`${value} is too large a number`);
    return value;
  }

  #advance(lengthBytes: number): number {
    if (lengthBytes > this.remainingBytes) {
      throw this.malformed(`${lengthBytes} bytes expected, ${this.remainingBytes} left in the box`);
    }
    const start = this.#offset;
    this.#offset += lengthBytes;
    return start;
  }
}
