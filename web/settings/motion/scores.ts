/** What a detector said about a picture. */
export interface Score {
  readonly wallMs: number;
  readonly score: number;
  /** From which score on it is motion, with the settings in force. */
  readonly neededScore: number;
}

/** How much is shown. */
export const SHOWN_MS = 60_000;
/** So many steps of sensitivity halve what must change. */
const STEPS_TO_HALVE = 10;

/** With the newest one, without those that are too old. */
export function withScore(scores: readonly Score[], { wallMs, score, neededScore }: Score): readonly Score[] {
  // A clock that was set back begins anew.
  const kept = scores.filter((one) => one.wallMs > wallMs - SHOWN_MS && one.wallMs < wallMs);
  return [...kept, { wallMs, score, neededScore }];
}

/** From which score on it would be motion with another sensitivity than the one in force. */
export function neededAt(neededScore: number, inForce: number, sensitivity: number): number {
  return Math.max(1, Math.round(neededScore * 2 ** ((inForce - sensitivity) / STEPS_TO_HALVE)));
}

export function isEnough(score: number, needed: number): boolean {
  return score >= needed;
}
