import { PacketMemory, PacketMemoryPool } from './packet-memory.ts';

const DEFAULT_UNIT_LIMIT_BYTES = 8 * 1024 * 1024;
/** A unit that outgrows its buffer gets one of so many times what it needs by then. */
const GROWTH = 1.25;

/** What is lent at once, at most and at least: a read that brings little costs as much as one that brings a lot. */
const MOST_LENT_BYTES = 64 * 1024;
const LEAST_LENT_BYTES = 16 * 1024;
/** Between the open unit and what is lent: a unit may grow by lengths and headers before what was received is moved to it. */
const SPARE_BYTES = 64;

/** The slabs of all streams; 16 MiB at most lie idle, from which sixteen cameras of 4 Mbit/s fill theirs. */
export const SLABS = new PacketMemoryPool(128 * 1024, 128);

/** A finished unit. */
export interface SlabUnit {
  readonly data: Uint8Array;
  /** What `data` lies in, held for the one who gets the unit. */
  readonly memory: PacketMemory;
}

/** Memory to receive into. */
export interface LentMemory {
  readonly bytes: Uint8Array;
  /** What it lies in, held for the one who receives: to be released when nothing in it is needed any more. */
  readonly memory: PacketMemory;
}

/**
 * Where the access units of one stream are assembled, one after the other, in few large buffers. A finished unit is
 * a view of its buffer and is not written again while that is held. At most one unit is open. Positions are bytes
 * from the open unit's beginning. A unit that outgrows a slab moves to a larger one, of which later units use the rest.
 *
 * What a unit is made of may be received where it is to lie: the memory behind the open unit is lent for that (`lend`), and `append` moves
 * it down. A view of each packet, without which Node.js copies nothing from one buffer to another, would be a quarter of what a recorder
 * allocates.
 *
 * Not zeroed: bytes of the `ArrayBuffer` outside finished units are whatever was there.
 */
export class Slab {
  readonly unitLimitBytes: number;
  readonly #slabs: PacketMemoryPool;
  #memory = new PacketMemory(Buffer.alloc(0));
  #buffer = this.#memory.buffer;
  #start = 0;
  #end = 0;
  /** What is lent of this buffer, and where that begins. */
  #lent: Uint8Array | undefined;
  #lentAt = 0;
  /** The unit may grow up to here: behind it lies what was received and not appended yet, or the buffer ends. */
  #limit = 0;
  /** Of the last unit that was larger than a slab: key pictures of a stream are alike. */
  #largeUnitBytes = 0;

  constructor(slabs = SLABS, unitLimitBytes = DEFAULT_UNIT_LIMIT_BYTES) {
    this.#slabs = slabs;
    this.unitLimitBytes = unitLimitBytes;
  }

  /** Length of the open unit. */
  get unitBytes(): number {
    return this.#end - this.#start;
  }

  /** Copies `source[from..to)` to the end of the open unit; false, and nothing done, if it would outgrow the limit. */
  append(source: Uint8Array, from: number, to: number): boolean {
    if (source === this.#lent) return this.#takeIn(from, to);
    if (!this.#makeRoom(to - from)) return false;
    this.#buffer.set(from === 0 && to === source.length ? source : source.subarray(from, to), this.#end);
    this.#end += to - from;
    return true;
  }

  /** Appends a 32-bit big-endian number, like `append`. */
  appendU32(value: number): boolean {
    if (!this.#makeRoom(4)) return false;
    this.#end = this.#buffer.writeUInt32BE(value, this.#end);
    return true;
  }

  appendByte(value: number): boolean {
    if (!this.#makeRoom(1)) return false;
    this.#buffer[this.#end] = value;
    this.#end += 1;
    return true;
  }

  /** Puts bytes before those from `position` on, like `append`. */
  insert(position: number, bytes: Uint8Array): boolean {
    const restEnd = this.unitBytes;
    if (!this.append(bytes, 0, bytes.length)) return false;
    const at = this.#start + position;
    this.#buffer.copyWithin(at + bytes.length, at, this.#start + restEnd);
    this.#buffer.set(bytes, at);
    return true;
  }

  /** Overwrites a byte that was appended before. */
  writeByte(position: number, value: number): void {
    this.#buffer[this.#start + position] = value;
  }

  /** Overwrites four bytes that were appended before. */
  writeU32(position: number, value: number): void {
    this.#buffer.writeUInt32BE(value, this.#start + position);
  }

  /** A view of the open unit's bytes, valid until the next append. */
  peek(from: number, to: number): Uint8Array {
    return this.#buffer.subarray(this.#start + from, this.#start + Math.min(to, this.unitBytes));
  }

  /** Shortens the open unit; 0 abandons it. */
  truncate(unitBytes: number): void {
    this.#end = this.#start + Math.min(unitBytes, this.unitBytes);
  }

  /** Closes the open unit and hands it out. */
  finish(): SlabUnit {
    const data = this.#buffer.subarray(this.#start, this.#end);
    this.#start = this.#end;
    if (data.length > this.#slabs.blockBytes) this.#largeUnitBytes = data.length;
    this.#memory.hold();
    return { data, memory: this.#memory };
  }

  /**
   * Lends memory to receive into. What is appended of it next is to be appended in the order in which it lies there, nothing twice.
   * @param aheadBytes of what will be appended before that from elsewhere; with more, everything is copied.
   * @returns undefined while the open unit leaves no room. What was lent before is not known any more.
   */
  lend(aheadBytes: number): LentMemory | undefined {
    this.#lent = undefined;
    this.#limit = this.#buffer.length;
    const keptBytes = aheadBytes + SPARE_BYTES;
    if (!this.#makeRoom(keptBytes + LEAST_LENT_BYTES)) return undefined;
    const at = this.#end + keptBytes;
    const bytes = this.#buffer.subarray(at, at + MOST_LENT_BYTES);
    this.#lent = bytes;
    this.#lentAt = at;
    this.#limit = at;
    this.#memory.hold();
    return { bytes, memory: this.#memory };
  }

  /** Moves what was received to the end of the open unit, like `append`. */
  #takeIn(from: number, to: number): boolean {
    const bytes = to - from;
    if (this.unitBytes + bytes > this.unitLimitBytes) return false;
    this.#buffer.copyWithin(this.#end, this.#lentAt + from, this.#lentAt + to);
    this.#end += bytes;
    this.#limit = this.#lentAt + to;
    return true;
  }

  #makeRoom(bytes: number): boolean {
    if (this.#end + bytes <= this.#limit) return this.unitBytes + bytes <= this.unitLimitBytes;
    const neededBytes = this.unitBytes + bytes;
    if (neededBytes > this.unitLimitBytes) return false;
    const isLarge = neededBytes > this.#slabs.blockBytes;
    const next = this.#slabs.take(isLarge ? this.#largeBytes(neededBytes) : neededBytes);
    next.buffer.set(this.#buffer.subarray(this.#start, this.#end), 0);
    this.#memory.release();
    this.#memory = next;
    this.#buffer = next.buffer;
    this.#lent = undefined;
    this.#limit = next.buffer.length;
    this.#end = this.unitBytes;
    this.#start = 0;
    return true;
  }

  /** For a unit that needs so much by now, and is no larger than a unit may be. */
  #largeBytes(neededBytes: number): number {
    return Math.min(this.unitLimitBytes, Math.max(GROWTH * neededBytes, this.#largeUnitBytes));
  }
}
