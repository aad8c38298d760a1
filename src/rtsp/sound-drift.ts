/** Differences below are noise. */
const NEAR_SECONDS = 0.002;
/** The fastest that is followed: two crystals that are each worse than any camera's. */
const FASTEST = 0.0003;
/** The middle one of so many counts: a report may be stamped late. */
const REPORTS = 3;
/** Reports that say more than this were written by a clock that was set meanwhile. */
const MOST_DRIFT_SECONDS = 0.3;

/**
 * The drift of a track's clock against that of the picture, which may be driven by another crystal: 100 millionths are 60 ms in
 * ten minutes. It is told by the sender reports of both (RFC 3550 6.4.1), which lay the two on the camera's wall clock. Where they
 * lay sound at the beginning does not count, only how that changes: many cameras are wrong about the former. Times of arrival tell
 * nothing so fine, for packets are read by the dozen.
 */
export class SoundDrift {
  #reported: number[] = [];
  /** The distance by the first reports. */
  #usualSeconds: number | undefined;
  #owedSeconds = 0;
  #correctedSeconds = 0;

  /** To be added to the track's own time. */
  get correctedSeconds(): number {
    return this.#correctedSeconds;
  }

  /** @param lateSeconds how much later the picture stood at the moment of a report, by both tracks' own times. */
  report(lateSeconds: number): void {
    this.#reported.push(lateSeconds);
    if (this.#reported.length > REPORTS) this.#reported.shift();
    if (this.#reported.length < REPORTS) return;
    const middle = this.#reported.toSorted((a, b) => a - b)[Math.floor(REPORTS / 2)] ?? lateSeconds;
    this.#usualSeconds ??= middle;
    const driftSeconds = middle - this.#usualSeconds - this.#correctedSeconds;
    if (Math.abs(driftSeconds) > MOST_DRIFT_SECONDS) this.#usualSeconds = middle - this.#correctedSeconds;
    this.#owedSeconds = inBounds(driftSeconds) ? driftSeconds : 0;
  }

  /** The track has gone on by so much: what is owed is made up for little by little. */
  goOn(bySeconds: number): void {
    const most = FASTEST * Math.max(0, bySeconds);
    const moveSeconds = Math.max(-most, Math.min(most, this.#owedSeconds));
    this.#owedSeconds -= moveSeconds;
    this.#correctedSeconds += moveSeconds;
  }
}

function inBounds(driftSeconds: number): boolean {
  return Math.abs(driftSeconds) >= NEAR_SECONDS && Math.abs(driftSeconds) <= MOST_DRIFT_SECONDS;
}
