import { mediaTicks, type MediaTicks } from '../base/time.ts';

/** Deepest reordering that a stream can teach us; hierarchies of B pictures need no more in practice. */
const MAX_LEARNED_DEPTH = 4;
/** Deepest that H.264 and H.265 can declare. */
const MAX_DECLARED_DEPTH = 16;
/** Spacing of the decoding times before the first presentation time: a 30th of a second. */
const LEAD_IN_STEP_TICKS = 3_000;

/**
 * Derives decoding times, which RTP does not carry, from presentation times in decoding order.
 *
 * With at most D pictures before any picture that are shown after it, the D+1 largest presentation times seen so far
 * always include the current one, and their smallest is a decoding time that never passes it: the list of decoding
 * times is the list of presentation times, sorted and D pictures late. The first D have nothing behind them and are
 * spaced backwards from the first presentation time.
 *
 * A stream that declares no depth starts at none and is believed when a time goes backwards. While it is learning,
 * and when times repeat or step back, a decoding time is the one before plus one tick, so it may pass its
 * presentation time by as much as that stepped back.
 */
export class DtsEstimator {
  /** The largest presentation times so far, ascending; always depth + 1 of them after the first. */
  readonly #largest: number[] = [];
  #depth = 0;
  #lastDts = Number.NEGATIVE_INFINITY;

  /** Tells what the stream declares, at its start or when its parameter sets change. */
  declareDepth(depth: number | undefined): void {
    const declared = Math.min(depth ?? 0, MAX_DECLARED_DEPTH);
    while (this.#depth < declared) this.#deepen();
  }

  /** The decoding time of the next packet in decoding order; strictly greater than the one before. */
  next(pts: MediaTicks, isKey: boolean): MediaTicks {
    this.#insert(pts, isKey);
    const smallest = this.#largest[0] ?? pts;
    this.#lastDts = smallest > this.#lastDts ? smallest : this.#lastDts + 1;
    return mediaTicks(this.#lastDts);
  }

  #insert(pts: number, isKey: boolean): void {
    const smallest = this.#largest[0];
    if (smallest === undefined || (isKey && pts < smallest)) {
      // A key picture before its predecessors is a step of the camera's clock, not reordering.
      this.#restartAt(pts);
      return;
    }
    if (pts < smallest) {
      if (this.#depth >= MAX_LEARNED_DEPTH) return;
      this.#depth += 1;
      this.#largest.unshift(pts);
      return;
    }
    this.#replaceSmallest(pts);
  }

  #replaceSmallest(pts: number): void {
    const largest = this.#largest;
    let at = 0;
    for (let next = largest[1]; next !== undefined && next < pts; next = largest[at + 1]) {
      largest[at] = next;
      at += 1;
    }
    largest[at] = pts;
  }

  #restartAt(pts: number): void {
    this.#largest.length = 0;
    for (let ahead = this.#depth; ahead >= 0; ahead -= 1)
      this.#largest.push(pts - ahead * LEAD_IN_STEP_TICKS);
  }

  #deepen(): void {
    this.#depth += 1;
    const smallest = this.#largest[0];
    if (smallest !== undefined) this.#largest.unshift(smallest - LEAD_IN_STEP_TICKS);
  }
}
