import type { WallMs } from '../base/time.ts';
import type { VideoPacket } from '../media/packet.ts';

export interface KeptPacket {
  readonly packet: VideoPacket;
  /** Of its `pts`. */
  readonly atWallMs: WallMs;
}

/** Packets that are decoded later or never, in order; their memory is held meanwhile. */
export class KeptPackets implements Iterable<KeptPacket> {
  #kept: KeptPacket[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  [Symbol.iterator](): Iterator<KeptPacket> {
    return this.#kept[Symbol.iterator]();
  }

  add(kept: KeptPacket): void {
    kept.packet.memory?.hold();
    this.#kept.push(kept);
    this.#bytes += kept.packet.data.byteLength;
  }

  drop(): void {
    for (const { packet } of this.#kept) packet.memory?.release();
    this.#kept = [];
    this.#bytes = 0;
  }
}
