import type { IndexWrite } from '../../db/index-write.ts';
import type { GapRecord } from '../../db/records.ts';

/** What an index makes of the ledger's writes. */
export class IndexOfGaps {
  readonly #gaps = new Map<number, GapRecord>();
  /** How many changes it was told. */
  writes = 0;

  readonly apply = (writes: readonly IndexWrite[]): void => {
    for (const write of writes) {
      this.writes += 1;
      if (write.type === 'gap') this.#gaps.set(write.gap.startWallMs, write.gap);
      if (write.type === 'gap-withdrawn') this.#gaps.delete(write.startWallMs);
    }
  };

  forget(): void {
    this.#gaps.clear();
  }

  /** In order of time. */
  get gaps(): readonly GapRecord[] {
    return [...this.#gaps.values()].toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  /** As `seconds since the start`, up to when, cause. */
  since(startMs: number): readonly (readonly [number, number, string])[] {
    return this.gaps.map(({ startWallMs, endWallMs, cause }) => [
      (startWallMs - startMs) / 1000,
      (endWallMs - startMs) / 1000,
      cause,
    ]);
  }
}
