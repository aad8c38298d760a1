import { PrerollError } from '../base/error.ts';

/** Codec headers that do not follow their specification. */
export class BitstreamError extends PrerollError {
  readonly kind = 'bitstream';
}

/**
 * Reads bits, most significant first, from a codec header without emulation prevention bytes.
 * Every method throws `BitstreamError` when the bytes end or a value is out of its range.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bits not yet read. */
  get remainingBits(): number {
    return this.#bytes.length * 8 - this.#position;
  }

  /** An unsigned number of `count` bits, 0..32. */
  bits(count: number): number {
    if (count > this.remainingBits) {
      throw new BitstreamError(`reading ${count} bits at bit ${this.#position}: the header ends before`);
    }
    let value = 0;
    for (let left = count; left > 0;) {
      const free = 8 - (this.#position % 8);
      const taken = Math.min(free, left);
      const byte = this.#bytes[this.#position >>> 3] ?? 0;
      value = value * 2 ** taken + ((byte >> (free - taken)) & (2 ** taken - 1));
      this.#position += taken;
      left -= taken;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    if (count > this.remainingBits) {
      throw new BitstreamError(`skipping ${count} bits at bit ${this.#position}: the header ends before`);
    }
    this.#position += count;
  }

  /** An Exp-Golomb number ue(v), at most `max` (ISO 14496-10 9.1). */
  ue(name: string, max: number): number {
    let zeros = 0;
    while (this.bits(1) === 0) {
      zeros += 1;
      if (zeros > 32)
        throw new BitstreamError(`reading ${name}: no Exp-Golomb number at bit ${this.#position}`);
    }
    const value = 2 ** zeros - 1 + this.bits(zeros);
    if (value > max) throw new BitstreamError(`reading ${name}: ${value} is above ${max}`);
    return value;
  }

  /** A signed Exp-Golomb number se(v) of at most 32 bits (ISO 14496-10 9.1.1). */
  se(name: string): number {
    const code = this.ue(name, 2 ** 32 - 1);
    return code % 2 === 1 ? (code + 1) / 2 : 0 - code / 2;
  }
}
