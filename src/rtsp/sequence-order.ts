import { sequenceDistance } from './rtp.ts';

/** A step forward of this many packets or more is a new beginning, not a loss (RFC 3550 A.1). */
export const MAX_DROPOUT = 3_000;
/** A step back of more packets than this is a new beginning, not a late packet. */
export const MAX_MISORDER = 1_000;
/** So many late packets in a row are a new beginning too: nothing else is coming any more. */
const MAX_LATE_RUN = 100;

/** The packet was delivered before. */
export const DUPLICATE = -1;
/** The packet is one that was already given up as lost. */
export const LATE = -2;
/** The packet begins a new sequence. */
export const RESYNCHRONIZED = -3;

/** Follows the sequence numbers of the packets about to be depacketized. Knows the last 1024 exactly. */
export class SequenceOrder {
  /** A bit for each of the last 1024 numbers, by number modulo 1024: whether it was delivered. */
  readonly #delivered = new Uint32Array(32);
  #last: number | undefined;
  #lateRun = 0;

  /**
   * Says what to do with the packet of this number: 0 it is the next one; n > 0 it comes after n missing ones;
   * `RESYNCHRONIZED` take it, without knowing what is missing; `DUPLICATE` and `LATE` drop it.
   */
  accept(sequence: number): number {
    if (this.#last === undefined) return this.#restartAt(sequence, 0);
    const distance = sequenceDistance(this.#last, sequence);
    if (distance >= MAX_DROPOUT || distance < -MAX_MISORDER) return this.#restartAt(sequence, RESYNCHRONIZED);
    if (distance <= 0) return this.#acceptOld(sequence);
    for (let missing = 1; missing < distance; missing += 1) this.#mark(this.#last + missing, false);
    this.#mark(sequence, true);
    this.#last = sequence;
    this.#lateRun = 0;
    return distance - 1;
  }

  /** Forgets everything: the next packet is from another source. */
  reset(): void {
    this.#last = undefined;
  }

  #acceptOld(sequence: number): number {
    this.#lateRun += 1;
    if (this.#lateRun > MAX_LATE_RUN) return this.#restartAt(sequence, RESYNCHRONIZED);
    const bit = 1 << (sequence & 31);
    return ((this.#delivered[(sequence & 1023) >> 5] ?? 0) & bit) === 0 ? LATE : DUPLICATE;
  }

  #restartAt(sequence: number, answer: number): number {
    this.#delivered.fill(0);
    this.#mark(sequence, true);
    this.#last = sequence;
    this.#lateRun = 0;
    return answer;
  }

  #mark(sequence: number, isDelivered: boolean): void {
    const word = (sequence & 1023) >> 5;
    const bit = 1 << (sequence & 31);
    const bits = this.#delivered[word] ?? 0;
    this.#delivered[word] = isDelivered ? bits | bit : bits & ~bit;
  }
}
