/**
 * Memory that the data of several packets lies in. A packet's data is valid during the call that brings it; whoever
 * keeps the packet longer holds its memory meanwhile. What nobody holds any more is written anew: at tens of megabytes
 * a second, leaving that to the garbage collector costs a third of a recorder's CPU. Memory never released is not
 * lost: the collector has it.
 */
export class PacketMemory {
  readonly buffer: Buffer;
  readonly #pool: PacketMemoryPool | undefined;
  #holders = 1;

  /** Held by the caller. Without a pool it is left to the garbage collector. */
  constructor(buffer: Buffer, pool?: PacketMemoryPool) {
    this.buffer = buffer;
    this.#pool = pool;
  }

  hold(): void {
    this.#holders += 1;
  }

  /** Once for each `hold`, and once by the one who got it. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders < 0) throw new Error('packet memory was released more often than it was held');
    if (this.#holders === 0) this.#pool?.giveBack(this.buffer);
  }
}

/** Blocks of one size that are used again and again, by all streams of a process. */
export class PacketMemoryPool {
  readonly blockBytes: number;
  readonly #maxIdleBlocks: number;
  readonly #idle: Buffer[] = [];

  constructor(blockBytes: number, maxIdleBlocks: number) {
    this.blockBytes = blockBytes;
    this.#maxIdleBlocks = maxIdleBlocks;
  }

  /** A block that nobody else has. Not zeroed. */
  take(): PacketMemory {
    return new PacketMemory(this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.blockBytes), this);
  }

  giveBack(block: Buffer): void {
    if (this.#idle.length < this.#maxIdleBlocks) this.#idle.push(block);
  }
}
