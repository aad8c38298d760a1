/** A stretch of a file that knows its size before it is written, so a tree of them is written in one allocation. */
export interface Part {
  readonly sizeBytes: number;
  write(out: ByteWriter): void;
}

/** Writes big-endian numbers one after the other into memory of the right size. */
export class ByteWriter {
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(memory: Uint8Array) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  }

  u8(value: number): void {
    this.#view.setUint8(this.#position, value);
    this.#position += 1;
  }

  u16(value: number): void {
    this.#view.setUint16(this.#position, value);
    this.#position += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#position, value);
    this.#position += 4;
  }

  i32(value: number): void {
    this.#view.setInt32(this.#position, value);
    this.#position += 4;
  }

  /** `value` is an integer of 0 to 2^53. */
  u64(value: number): void {
    this.u32(Math.floor(value / 2 ** 32));
    this.u32(value % 2 ** 32);
  }

  /** `value` is an integer of -2^53 to 2^53. */
  i64(value: number): void {
    this.i32(Math.floor(value / 2 ** 32));
    this.u32(value - Math.floor(value / 2 ** 32) * 2 ** 32);
  }

  bytes(value: Uint8Array): void {
    this.#memory.set(value, this.#position);
    this.#position += value.byteLength;
  }

  ascii(text: string): void {
    for (let i = 0; i < text.length; i += 1) this.u8(text.charCodeAt(i));
  }

  skip(sizeBytes: number): void {
    this.#position += sizeBytes;
  }
}

/** Writes the parts one after the other. */
export function encodeParts(parts: readonly Part[]): Uint8Array {
  const memory = new Uint8Array(totalSizeBytes(parts));
  const out = new ByteWriter(memory);
  parts.forEach((part) => part.write(out));
  return memory;
}

/** A box of ISO 14496-12 4.2: 32-bit size, four-character type, content. */
export function box(type: string, ...content: readonly Part[]): Part {
  const sizeBytes = 8 + totalSizeBytes(content);
  return {
    sizeBytes,
    write(out) {
      out.u32(sizeBytes);
      out.ascii(type);
      content.forEach((part) => part.write(out));
    },
  };
}

/** A box that begins with a version and 24 bits of flags. */
export function fullBox(type: string, version: number, flags: number, ...content: readonly Part[]): Part {
  return box(type, u32(version * 2 ** 24 + flags), ...content);
}

export function u8(...values: readonly number[]): Part {
  return { sizeBytes: values.length, write: (out) => values.forEach((value) => out.u8(value)) };
}

export function u16(...values: readonly number[]): Part {
  return { sizeBytes: 2 * values.length, write: (out) => values.forEach((value) => out.u16(value)) };
}

export function u32(...values: readonly number[]): Part {
  return { sizeBytes: 4 * values.length, write: (out) => values.forEach((value) => out.u32(value)) };
}

/** Integers of 0 to 2^53. */
export function u64(...values: readonly number[]): Part {
  return { sizeBytes: 8 * values.length, write: (out) => values.forEach((value) => out.u64(value)) };
}

/** An integer of -2^53 to 2^53. */
export function i64(value: number): Part {
  return { sizeBytes: 8, write: (out) => out.i64(value) };
}

export function ascii(text: string): Part {
  return { sizeBytes: text.length, write: (out) => out.ascii(text) };
}

export function bytes(value: Uint8Array): Part {
  return { sizeBytes: value.byteLength, write: (out) => out.bytes(value) };
}

export function zeros(sizeBytes: number): Part {
  return { sizeBytes, write: (out) => out.skip(sizeBytes) };
}

function totalSizeBytes(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.sizeBytes, 0);
}
