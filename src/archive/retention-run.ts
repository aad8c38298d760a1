import type { FileKey } from '../db/archive-index.ts';
import { collectGarbage, type GarbageIndex } from './collect-garbage.ts';
import type { MountedVolume } from './mounted-volume.ts';
import {
  planRetention,
  type Deletion,
  type RetentionSituation,
  type RetentionView,
  type Shortfall,
} from './retention-plan.ts';

/** What deleting asks of the index. */
export type RetentionIndex = RetentionView & GarbageIndex;

export interface RetentionOutcome {
  readonly deletions: readonly Deletion[];
  readonly shortfalls: readonly Shortfall[];
  /** Files that could not be deleted, and why. */
  readonly failures: readonly string[];
}

/** Recordings deleted in one transaction: small, so that a full disk has room soon and others get at the index. */
const STEP = 100;

/**
 * Deletes what the rules ask for.
 * @throws the signal's reason, with what was begun to be done next time; whatever the index throws.
 */
export async function runRetention(
  index: RetentionIndex,
  mounted: readonly MountedVolume[],
  situation: RetentionSituation,
  signal: AbortSignal,
): Promise<RetentionOutcome> {
  const deletions: Deletion[] = [];
  const failures: string[] = [];
  const planning = planRetention(index, situation);
  for (;;) {
    signal.throwIfAborted();
    const { step, shortfalls } = await nextStep(planning);
    if (step.length > 0) {
      const files = step.map(({ segment: { volume, path } }) => ({ volume, path }));
      await index.apply([{ type: 'discard', files, cause: 'retention' }]);
      // Not simply `files`: somebody may have marked one to be kept meanwhile.
      const garbage = (await index.garbage()).filter((file) => files.some((other) => isSame(file, other)));
      failures.push(...(await collectGarbage(index, garbage, mounted, signal)));
      deletions.push(...step);
    }
    if (shortfalls !== undefined) return { deletions, shortfalls, failures };
  }
}

/** @returns the shortfalls when the plan ends with this step. */
async function nextStep(planning: AsyncGenerator<Deletion, readonly Shortfall[]>) {
  const step: Deletion[] = [];
  while (step.length < STEP) {
    const next = await planning.next();
    if (next.done === true) return { step, shortfalls: next.value };
    step.push(next.value);
  }
  return { step, shortfalls: undefined };
}

function isSame(a: FileKey, b: FileKey): boolean {
  return a.volume === b.volume && a.path === b.path;
}
