import type { WallMs } from '../base/time.ts';

export interface LoudnessSettings {
  readonly levelDbfs: number;
  readonly durationMs: number;
}

/** Finds out when sound has been loud for long enough. */
export class Loudness {
  readonly #settings: LoudnessSettings;
  /** Since when it has been. */
  #sinceWallMs: WallMs | undefined;

  constructor(settings: LoudnessSettings) {
    this.#settings = settings;
  }

  /**
   * @param level how loud it was from `at` on, for so long.
   * @returns since when it has been loud, if that is long enough.
   */
  next(at: WallMs, level: { readonly dbfs: number; readonly lastsMs: number }): WallMs | undefined {
    if (level.dbfs < this.#settings.levelDbfs) {
      this.#sinceWallMs = undefined;
      return undefined;
    }
    const since = (this.#sinceWallMs ??= at);
    const untilMs = at + level.lastsMs;
    return untilMs - since >= this.#settings.durationMs ? since : undefined;
  }

  /** What comes next does not go on from what was. */
  reset(): void {
    this.#sinceWallMs = undefined;
  }
}
