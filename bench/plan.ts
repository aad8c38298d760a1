/** How long and how often everything is measured. */
export interface Plan {
  readonly rounds: number;
  /** Before measuring: connecting, filling rings, first files, compiling. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** Rough figures to see whether the bench itself works; they do not replace recorded ones. */
  readonly isQuick: boolean;
  /** Cameras to use instead of our demo cameras, from a file like the output of `preroll demo --json`. */
  readonly camerasFile: string | undefined;
}

/**
 * The window covers a change of files, which happens every minute. A recorder runs for months: with few cameras it takes Node.js
 * minutes to have compiled what runs often, and what it costs until then is not what it costs.
 */
export const FULL_PLAN = { rounds: 3, warmUpMs: 180_000, windowMs: 60_000, isQuick: false };
/** Some contestants begin to record only after 15 s. */
export const QUICK_PLAN = { rounds: 1, warmUpMs: 16_000, windowMs: 10_000, isQuick: true };
