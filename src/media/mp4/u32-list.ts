import type { ByteWriter } from '../fmp4/box.ts';

const BLOCK_ENTRIES = 2 ** 14;

/** A growing list of unsigned 32-bit numbers, 4 bytes each: tables of millions of samples. */
export class U32List {
  readonly #blocks: Uint32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const within = this.#length % BLOCK_ENTRIES;
    if (within === 0) this.#blocks.push(new Uint32Array(BLOCK_ENTRIES));
    const block = this.#blocks.at(-1);
    if (block !== undefined) block[within] = value;
    this.#length += 1;
  }

  /** Calls `visit` with each entry, in order. */
  forEach(visit: (value: number) => void): void {
    let left = this.#length;
    for (const block of this.#blocks) {
      for (const value of left < BLOCK_ENTRIES ? block.subarray(0, left) : block) visit(value);
      left -= BLOCK_ENTRIES;
    }
  }

  write(out: ByteWriter): void {
    this.forEach((value) => out.u32(value));
  }
}
