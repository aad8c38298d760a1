import { wallMs, type MonotonicMs, type WallMs } from './time.ts';

/** How fast the mapping follows packets that come late, a second: ten times a bad camera crystal. */
const LATER_RATE = 500e-6;
/**
 * How fast it follows packets that come early. No picture arrives before it was taken, so an early one proves that the
 * run's first packets were late (a camera that begins with what it has buffered): half the speed of time, so that
 * the mapping still never runs backwards.
 */
const EARLIER_RATE = 0.5;
/** Arrival times are judged by the quickest packet of this long a window: queues only ever delay. */
const WINDOW_MS = 10_000;
/** A host clock that has moved this far against the monotonic one since the run's start has jumped. */
export const JUMP_MS = 3_000;

/**
 * The wall time of a run's media (design/time.md): the host's clock at the first packet, advancing with the media
 * clock, steered slowly towards the arrival times so that a camera's crystal does not carry it away. Monotonic: a
 * later media time never maps to an earlier wall time.
 */
export class RunClock {
  readonly #startWallMs: number;
  readonly #startMonotonicMs: number;
  readonly #startMediaMs: number;
  /** Added to the media clock. */
  #correctionMs = 0;
  #steeredUntilMs: number;
  #targetMs = 0;
  #windowStartMs: number;
  #windowLeastMs = Number.POSITIVE_INFINITY;

  /**
   * @param mediaMs the first packet's media time in ms.
   * @param hostMs the host's clock when it arrived.
   */
  constructor(mediaMs: number, hostMs: { readonly wall: WallMs; readonly monotonic: MonotonicMs }) {
    this.#startWallMs = hostMs.wall;
    this.#startMonotonicMs = hostMs.monotonic;
    this.#startMediaMs = mediaMs;
    this.#steeredUntilMs = mediaMs;
    this.#windowStartMs = mediaMs;
  }

  /** The wall time of a moment of the run, given in ms of media time. */
  wallOf(mediaMs: number): WallMs {
    return wallMs(this.#startWallMs + (mediaMs - this.#startMediaMs) + this.#correctionMs);
  }

  /** The media time in ms of a moment of wall time; the inverse of `wallOf`. */
  mediaOf(wall: WallMs): number {
    return wall - this.#startWallMs - this.#correctionMs + this.#startMediaMs;
  }

  /**
   * Learns from a packet's arrival. Media times must come in decoding order.
   * @returns by how many ms the host's wall clock was set forward since the run's start; beyond `JUMP_MS` either way
   *   the run must end.
   */
  observe(mediaMs: number, arrived: { readonly wall: WallMs; readonly monotonic: MonotonicMs }): number {
    const passedMs = arrived.monotonic - this.#startMonotonicMs;
    const lagMs = passedMs - (mediaMs - this.#startMediaMs);
    this.#windowLeastMs = Math.min(this.#windowLeastMs, lagMs);
    this.#targetMs = Math.min(this.#targetMs, lagMs);
    this.#steer(mediaMs);
    if (mediaMs - this.#windowStartMs >= WINDOW_MS) {
      this.#targetMs = this.#windowLeastMs;
      this.#windowLeastMs = Number.POSITIVE_INFINITY;
      this.#windowStartMs = mediaMs;
    }
    return arrived.wall - this.#startWallMs - passedMs;
  }

  #steer(mediaMs: number): void {
    const passedMs = mediaMs - this.#steeredUntilMs;
    if (passedMs <= 0) return;
    this.#steeredUntilMs = mediaMs;
    const wantedMs = this.#targetMs - this.#correctionMs;
    // As nearly always.
    if (wantedMs === 0) return;
    this.#correctionMs += Math.max(-passedMs * EARLIER_RATE, Math.min(passedMs * LATER_RATE, wantedMs));
  }
}
