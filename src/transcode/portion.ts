import type { Watchdog } from '../base/watchdog.ts';
import { isVideo, shownAtMs, type Packet, type VideoPacket, type VideoTrack } from '../media/packet.ts';
import type { Run } from '../media/run.ts';
import type { ReencodedPortion } from './messages.ts';

/** Whole GOPs of one track of a camera, with their sound, that are recorded alike: re-encoded, or as they came. */
export class Portion {
  readonly number: number;
  readonly run: Run;
  readonly track: VideoTrack;
  readonly startMs: number;
  readonly #packets: Packet[] = [];
  #bytes = 0;
  #pictures = 0;
  /** Waits for the answer, from when it is complete. */
  watchdog: Watchdog | undefined;
  /** Set when it is re-encoded. */
  reencoded: ReencodedPortion | undefined;

  /** @param first the key packet that it begins with, which is yet to be pushed. */
  constructor(number: number, first: VideoPacket, run: Run) {
    this.number = number;
    this.run = run;
    this.track = first.track;
    this.startMs = shownAtMs(first);
  }

  /** As they came. */
  get packets(): readonly Packet[] {
    return this.#packets;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get pictures(): number {
    return this.#pictures;
  }

  push(packet: Packet): void {
    packet.memory?.hold();
    this.#packets.push(packet);
    this.#bytes += packet.data.byteLength;
    if (isVideo(packet)) this.#pictures++;
  }

  /** To be called when nobody needs the packets any more. */
  release(): void {
    this.watchdog?.[Symbol.dispose]();
    for (const packet of this.#packets) packet.memory?.release();
  }
}
