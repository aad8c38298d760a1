/** Sound that is further from its time than this is put in its place at once: silence is put in, or sound left out. */
export const MOST_OUT_OF_STEP_SECONDS = 0.04;
/** A longer gap is not filled: what follows is another stretch. */
export const LONGEST_FILLED_SECONDS = 2;
/** What is nearer is right: cameras tell the times of their packets to a few milliseconds. */
const NEAR_SECONDS = 0.003;
/** How much sound is stretched at most: a twelfth of a semitone, which nobody hears. */
const MOST_STRETCH = 0.005;
/** Stretching is decided anew after so much sound. */
const PERIOD_SECONDS = 1;
/** How quickly the mean follows: over about so many packets. */
const MEAN_PACKETS = 16;

/** What to do with a packet of sound. */
export type Step =
  | { readonly kind: 'on' }
  /** Stretch what follows by so many seconds in all, over a second. Negative to squeeze it. */
  | { readonly kind: 'stretch'; readonly bySeconds: number }
  /** So much is missing before it. */
  | { readonly kind: 'fill'; readonly seconds: number }
  /** It is of a time for which there was sound. */
  | { readonly kind: 'leave-out' }
  /** It does not go on from what was before. */
  | { readonly kind: 'anew' };

/**
 * Keeps the count of samples in step with the times of the packets that they came in: a camera's sound and picture run by
 * clocks of their own, and packets are lost. What differs little is stretched, what differs much is filled or left out.
 */
export class Steering {
  #meanSeconds = 0;
  #isLeavingOut = false;
  #decidedSeconds = Number.NEGATIVE_INFINITY;

  /**
   * @param seconds when the packet is heard.
   * @param lateSeconds how much later that is than where the samples before it end.
   */
  next(seconds: number, lateSeconds: number): Step {
    const mostEarlySeconds = this.#isLeavingOut ? NEAR_SECONDS : MOST_OUT_OF_STEP_SECONDS;
    if (lateSeconds > LONGEST_FILLED_SECONDS || lateSeconds < -LONGEST_FILLED_SECONDS)
      return this.#begin('anew');
    if (lateSeconds < -mostEarlySeconds) return this.#begin('leave-out');
    this.#isLeavingOut = false;
    if (lateSeconds > MOST_OUT_OF_STEP_SECONDS) {
      this.#meanSeconds = 0;
      return { kind: 'fill', seconds: lateSeconds };
    }
    this.#meanSeconds += (lateSeconds - this.#meanSeconds) / MEAN_PACKETS;
    if (seconds - this.#decidedSeconds < PERIOD_SECONDS) return { kind: 'on' };
    this.#decidedSeconds = seconds;
    if (Math.abs(this.#meanSeconds) < NEAR_SECONDS) return { kind: 'on' };
    const most = MOST_STRETCH * PERIOD_SECONDS;
    return { kind: 'stretch', bySeconds: Math.max(-most, Math.min(most, this.#meanSeconds)) };
  }

  #begin<Kind extends 'anew' | 'leave-out'>(kind: Kind): { readonly kind: Kind } {
    this.#meanSeconds = 0;
    this.#isLeavingOut = kind === 'leave-out';
    return { kind };
  }
}
