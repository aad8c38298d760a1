import { fullBox, u32, type Part } from '../fmp4/box.ts';
import { U32List } from './u32-list.ts';

/** Numbers as MP4 tables keep them: how many times each comes in a row. */
export class RunLengthList {
  readonly #entries = new U32List();
  #value = 0;
  #count = 0;

  /** @param value an integer of -2^31 to 2^32 - 1; negative ones are kept in two's complement. */
  push(value: number): void {
    if (this.#count > 0 && value === this.#value) {
      this.#count += 1;
      return;
    }
    this.#flush();
    this.#value = value;
    this.#count = 1;
  }

  /** The value all of them have; undefined when they differ or there are none. */
  get onlyValue(): number | undefined {
    return this.#entries.length === 0 && this.#count > 0 ? this.#value : undefined;
  }

  /** A full box of pairs of a count and a value (`stts`, `ctts`); nothing can be added after. */
  box(type: string, version: number): Part {
    this.#flush();
    const { length } = this.#entries;
    return fullBox(type, version, 0, u32(length / 2), {
      sizeBytes: 4 * length,
      write: (out) => this.#entries.write(out),
    });
  }

  #flush(): void {
    if (this.#count === 0) return;
    this.#entries.push(this.#count);
    // Two's complement: `Uint32Array` takes it modulo 2^32.
    this.#entries.push(this.#value);
    this.#count = 0;
  }
}
