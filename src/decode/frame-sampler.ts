import type { MediaTicks } from '../base/time.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';

/** How much of the interval a picture may come early, so that a jittering clock does not shift it to the next one. */
const EARLY_FRACTION = 0.15;

/**
 * Picks pictures at a set rate by their presentation times. They are due on a grid, so that the rate holds on
 * average for any camera's rate; where the camera is slower, all are picked. After a gap, or a jump of the camera's
 * clock, the grid starts anew with the picture found.
 */
export class FrameSampler {
  readonly #intervalTicks: number;
  #dueTicks = -Infinity;

  /** @param rateFps pictures a second, above 0 */
  constructor(rateFps: number) {
    this.#intervalTicks = VIDEO_CLOCK_RATE_HZ / rateFps;
  }

  /** Whether the picture at `pts` is wanted; to be asked once for each picture, in order of presentation. */
  accept(pts: MediaTicks): boolean {
    if (!this.isDue(pts)) return false;
    const interval = this.#intervalTicks;
    const earlyTicks = this.#dueTicks - pts;
    const isOnGrid = !this.#isBehind(earlyTicks) && earlyTicks > -interval;
    this.#dueTicks = (isOnGrid ? this.#dueTicks : pts) + interval;
    return true;
  }

  /** Whether the picture at `pts` would be wanted if it came now: false means that it will not be later either. */
  isDue(pts: MediaTicks): boolean {
    const earlyTicks = this.#dueTicks - pts;
    return earlyTicks <= this.#intervalTicks * EARLY_FRACTION || this.#isBehind(earlyTicks);
  }

  /** Makes the next picture wanted, whenever it is. */
  reset(): void {
    this.#dueTicks = -Infinity;
  }

  /** Never due so far ahead by itself: the camera's clock went back. */
  #isBehind(earlyTicks: number): boolean {
    return earlyTicks > 2 * this.#intervalTicks;
  }
}
