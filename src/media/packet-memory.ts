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

/** An idle block that is more than so many times as large as needed is left to who needs it. */
const MOST_TIMES_NEEDED = 2;

/** Blocks that are used again and again, by all streams of a process: of one size, or a multiple of it where something needs more. */
export class PacketMemoryPool {
  readonly blockBytes: number;
  readonly #maxIdleBytes: number;
  /** The longest idle one first. */
  readonly #idle: Buffer[] = [];
  #idleBytes = 0;

  constructor(blockBytes: number, maxIdleBlocks: number) {
    this.blockBytes = blockBytes;
    this.#maxIdleBytes = maxIdleBlocks * blockBytes;
  }

  /** How much lies idle. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** A block that nobody else has, of at least so many bytes. Not zeroed. */
  take(leastBytes = this.blockBytes): PacketMemory {
    const bytes = this.blockBytes * Math.max(1, Math.ceil(leastBytes / this.blockBytes));
    return new PacketMemory(this.#takeIdle(bytes) ?? Buffer.allocUnsafeSlow(bytes), this);
  }

  giveBack(block: Buffer): void {
    this.#idle.push(block);
    this.#idleBytes += block.length;
    while (this.#idleBytes > this.#maxIdleBytes) this.#idleBytes -= this.#idle.shift()?.length ?? 0;
  }

  /** The smallest that will do, of these the one that has lain idle for the shortest time. */
  #takeIdle(bytes: number): Buffer | undefined {
    let at = -1;
    let atBytes = MOST_TIMES_NEEDED * bytes;
    this.#idle.forEach(({ length }, i) => {
      if (length < bytes || length > atBytes) return;
      at = i;
      atBytes = length;
    });
    if (at < 0) return undefined;
    this.#idleBytes -= atBytes;
    return this.#idle.splice(at, 1)[0];
  }
}
