import { IndexError } from './index-error.ts';

/*
 * Whole numbers in few bytes: seven bits a byte, the lowest first, the highest bit set in all bytes but the last.
 * Signed ones are folded before (0, -1, 1, -2 … become 0, 1, 2, 3 …). Arithmetic instead of 32-bit operators: files
 * are longer than 2^32 bytes.
 */

/** Bytes of the longest number, below 2^53. */
const LONGEST = 8;

export class VarintWriter {
  readonly #bytes: number[] = [];

  /** @param value whole, 0..2^53-1. */
  unsigned(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.#bytes.push((left % 128) + 128);
    this.#bytes.push(left);
  }

  /** @param value whole, less than 2^52 from 0. */
  signed(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`expected a whole number to pack, found ${value}`);
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Reading what is not there, or no number, is an `IndexError` of kind `damaged`. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  unsigned(): number {
    let value = 0;
    for (let place = 0; place < LONGEST; place += 1) {
      const byte = this.#bytes[this.#position];
      if (byte === undefined) throw this.damaged('it ends within a number');
      this.#position += 1;
      value += (byte % 128) * 128 ** place;
      if (byte < 128 && Number.isSafeInteger(value)) return value;
    }
    throw this.damaged('a number is too large');
  }

  signed(): number {
    const folded = this.unsigned();
    return folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2;
  }

  damaged(found: string): IndexError {
    return new IndexError('damaged', `unpacking fragments at byte ${this.#position}: ${found}`);
  }
}
