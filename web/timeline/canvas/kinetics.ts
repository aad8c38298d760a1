/*
 * How the timeline moves after hands have let go. Pure: time is given.
 */

/** A throw loses this part of its speed (1/e) in so long, as on phones. */
const THROW_MS = 325;
/** Slower than this it stands. */
const STANDING_PX_PER_MS = 0.02;
/** A wheel's zoom comes this much nearer (1/e) in so long: soft, and done before the next notch. */
const ZOOM_MS = 65;
const ZOOMED_ENOUGH = 0.001;
/** Only what moved in the last of a drag throws. */
const REMEMBERED_MS = 80;

/** @returns how far a throw of this speed goes in `ms`, and its speed then; 0 when it stands. */
export function thrown(pxPerMs: number, ms: number): { readonly deltaPx: number; readonly pxPerMs: number } {
  const left = Math.exp(-ms / THROW_MS);
  const speed = pxPerMs * left;
  const deltaPx = pxPerMs * THROW_MS * (1 - left);
  return { deltaPx, pxPerMs: Math.abs(speed) < STANDING_PX_PER_MS ? 0 : speed };
}

/** @returns the part of a zoom (as a logarithm) to be done now, and what is left of it. */
export function eased(left: number, ms: number): { readonly now: number; readonly left: number } {
  const rest = left * Math.exp(-ms / ZOOM_MS);
  return Math.abs(rest) < ZOOMED_ENOUGH ? { now: left, left: 0 } : { now: left - rest, left: rest };
}

/** Measures how fast a drag is when it ends. */
export class SpeedMeter {
  #moves: { readonly atMs: number; readonly deltaPx: number }[] = [];

  moved(deltaPx: number, atMs: number): void {
    this.#moves = [...this.#moves.filter((move) => atMs - move.atMs < REMEMBERED_MS), { atMs, deltaPx }];
  }

  /** @returns pixels a millisecond, as of now; 0 where the hand had rested. */
  speed(nowMs: number): number {
    const recent = this.#moves.filter(({ atMs }) => nowMs - atMs < REMEMBERED_MS);
    const [first, last] = [recent[0], recent.at(-1)];
    if (first === undefined || last === undefined || recent.length < 2) return 0;
    const sum = recent.slice(1).reduce((all, { deltaPx }) => all + deltaPx, 0);
    return sum / Math.max(1, last.atMs - first.atMs);
  }
}
