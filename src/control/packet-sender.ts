import type { Writable } from 'node:stream';
import type { LiveListener } from '../media/live-feed.ts';
import type { Packet, Track } from '../media/packet.ts';
import { wallOfPacket, type Run } from '../media/run.ts';
import { encodeNotice, encodePacketHead, encodeTrack } from '../media/packet-records.ts';

/** With so much unsent, pictures are left out up to a key picture for which there is room. */
const MAX_UNSENT_BYTES = 8 * 2 ** 20;
const ROOM_BYTES = MAX_UNSENT_BYTES / 2;

/** Sends a stream over the recorder link, never waiting for who reads it. */
export class PacketSender implements LiveListener {
  readonly #socket: Writable;
  readonly #tracks = new Map<number, Track>();
  #run: Run | undefined;
  #isCaughtUp = false;
  #isDropping = false;
  #droppedPictures = 0;

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  packet(packet: Packet, run: Run): void {
    if (this.#isToDrop(packet)) return;
    this.#socket.cork();
    if (this.#droppedPictures > 0) {
      this.#socket.write(encodeNotice({ kind: 'dropped', pictures: this.#droppedPictures }));
      this.#droppedPictures = 0;
    }
    if (run !== this.#run) this.#socket.write(encodeNotice({ kind: 'run' }));
    this.#run = run;
    if (this.#tracks.get(packet.track.index) !== packet.track) {
      this.#tracks.set(packet.track.index, packet.track);
      this.#socket.write(encodeTrack(packet.track));
    }
    this.#socket.write(encodePacketHead(packet, wallOfPacket(packet, run)));
    packet.memory?.hold();
    this.#socket.write(packet.data, () => packet.memory?.release());
    this.#socket.uncork();
  }

  caughtUp(): void {
    this.#isCaughtUp = true;
    this.#socket.write(encodeNotice({ kind: 'caught-up' }));
  }

  away(reason: string): void {
    this.#socket.write(encodeNotice({ kind: 'away', reason }));
  }

  ended(): void {
    this.#socket.end();
  }

  /** What is held for who joins goes out in any case: it is bounded where it is held. */
  #isToDrop({ track, isKey }: Packet): boolean {
    if (!this.#isCaughtUp) return false;
    const unsentBytes = this.#socket.writableLength;
    if (this.#isDropping) this.#isDropping = !(track.kind === 'video' && isKey && unsentBytes < ROOM_BYTES);
    else this.#isDropping = unsentBytes > MAX_UNSENT_BYTES;
    if (this.#isDropping && track.kind === 'video') this.#droppedPictures += 1;
    return this.#isDropping;
  }
}
