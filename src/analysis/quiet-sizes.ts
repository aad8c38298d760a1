/** Quiet GOPs whose packets are remembered. */
const GOPS = 4;
/** More than the largest of them by this factor, and by so many bytes, is striking. */
const FACTOR = 1.5;
const SLACK_BYTES = 256;

/**
 * Knows how large the packets between key packets are while nothing moves. What moves costs bits, so that it shows
 * without decoding.
 */
export class QuietSizes {
  #largest: number[] = [];
  #inThisGop = 0;

  /** Of a packet that is not a key packet. */
  add(sizeBytes: number): void {
    this.#inThisGop = Math.max(this.#inThisGop, sizeBytes);
  }

  /** A GOP is over. @param isQuiet whether nothing moved in it. */
  endGop(isQuiet: boolean): void {
    if (isQuiet) this.#largest = [...this.#largest, this.#inThisGop].slice(-GOPS);
    this.#inThisGop = 0;
  }

  /** Whether a packet of this size is larger than any of the last few quiet GOPs by far; never before there were as many. */
  isStriking(sizeBytes: number): boolean {
    if (this.#largest.length < GOPS) return false;
    return sizeBytes > Math.max(...this.#largest) * FACTOR + SLACK_BYTES;
  }

  reset(): void {
    this.#largest = [];
    this.#inThisGop = 0;
  }
}
