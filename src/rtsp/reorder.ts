import { monotonicMs, type MonotonicMs } from '../base/time.ts';
import { sequenceDistance, type RtpPacket } from './rtp.ts';

/** Packets ahead of a missing one that we hold; a power of two. */
const WINDOW_PACKETS = 256;
const MAX_HELD_BYTES = 512 * 1024;
const MAX_WAIT_MS = 150;

/** Takes packets in the order of their sequence numbers; a step means that we stopped waiting for those between. */
export interface OrderedPackets {
  onOrdered(bytes: Uint8Array, arrivalMs: MonotonicMs): void;
}

/**
 * Puts UDP packets back in order. The packet that is due passes through at once and uncopied. One that is early is
 * copied and waits for those before it, until they came, or the oldest waited 150 ms, or 256 packets or 512 KiB
 * wait. There is no timer: a wait ends at the next packet of the stream, or at `flush`. Late packets pass through
 * too, for the caller to recognize.
 */
export class ReorderBuffer {
  readonly #output: OrderedPackets;
  /** Early packets by sequence number modulo the window. */
  readonly #held: (Uint8Array | undefined)[] = Array.from({ length: WINDOW_PACKETS }, () => undefined);
  readonly #heldArrivalMs = new Float64Array(WINDOW_PACKETS);
  #heldPackets = 0;
  #heldBytes = 0;
  #due: number | undefined;
  #reordered = 0;
  #duplicates = 0;

  constructor(output: OrderedPackets) {
    this.#output = output;
  }

  /** Packets that came after one with a higher number, and in time. */
  get reordered(): number {
    return this.#reordered;
  }

  /** Copies of packets that were waiting. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** @param rtp parsed from its `bytes`, which hold nothing else and are valid during the call only. */
  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    this.#due ??= rtp.sequence;
    const ahead = sequenceDistance(this.#due, rtp.sequence);
    if (ahead >= WINDOW_PACKETS) {
      this.flush();
      this.#deliverDue(rtp, arrivalMs);
    } else if (ahead > 0) {
      this.#hold(rtp, arrivalMs);
    } else if (ahead === 0) {
      if (this.#heldPackets > 0) this.#reordered += 1;
      this.#deliverDue(rtp, arrivalMs);
      this.#deliverHeld();
    } else {
      this.#passLate(rtp, arrivalMs);
    }
    this.#endWaits(arrivalMs);
  }

  /** Delivers everything that waits, in order. */
  flush(): void {
    while (this.#heldPackets > 0) this.#skipMissing();
  }

  #deliverDue(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    this.#due = (rtp.sequence + 1) & 0xffff;
    this.#output.onOrdered(rtp.bytes, arrivalMs);
  }

  /** A camera that starts its numbers again looks late; once it is far behind we go with it. */
  #passLate(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    if (sequenceDistance(this.#due ?? 0, rtp.sequence) < -WINDOW_PACKETS) {
      this.flush();
      this.#deliverDue(rtp, arrivalMs);
      return;
    }
    this.#output.onOrdered(rtp.bytes, arrivalMs);
  }

  #hold(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    const slot = rtp.sequence % WINDOW_PACKETS;
    if (this.#held[slot] !== undefined) {
      this.#duplicates += 1;
      return;
    }
    this.#held[slot] = Uint8Array.from(rtp.bytes);
    this.#heldArrivalMs[slot] = arrivalMs;
    this.#heldPackets += 1;
    this.#heldBytes += rtp.bytes.length;
  }

  /** Delivers what waits from the due packet on, up to the next missing one. */
  #deliverHeld(): void {
    while (this.#heldPackets > 0) {
      const slot = (this.#due ?? 0) % WINDOW_PACKETS;
      const bytes = this.#held[slot];
      if (bytes === undefined) return;
      this.#held[slot] = undefined;
      this.#heldPackets -= 1;
      this.#heldBytes -= bytes.length;
      this.#due = ((this.#due ?? 0) + 1) & 0xffff;
      this.#output.onOrdered(bytes, monotonicMs(this.#heldArrivalMs[slot] ?? 0));
    }
  }

  #skipMissing(): void {
    while (this.#held[(this.#due ?? 0) % WINDOW_PACKETS] === undefined)
      this.#due = ((this.#due ?? 0) + 1) & 0xffff;
    this.#deliverHeld();
  }

  #endWaits(nowMs: MonotonicMs): void {
    while (
      this.#heldPackets > 0 &&
      (this.#heldBytes > MAX_HELD_BYTES || this.#waitedMs(nowMs) > MAX_WAIT_MS)
    ) {
      this.#skipMissing();
    }
  }

  /** How long the first packet behind the gap has been waiting. */
  #waitedMs(nowMs: MonotonicMs): number {
    let sequence = this.#due ?? 0;
    while (this.#held[sequence % WINDOW_PACKETS] === undefined) sequence += 1;
    return nowMs - (this.#heldArrivalMs[sequence % WINDOW_PACKETS] ?? 0);
  }
}
