import type { MountedVolume } from './mounted-volume.ts';
import type { RecordingDeleter } from './recording-deleter.ts';
import {
  planRetention,
  type Deletion,
  type RetentionSituation,
  type RetentionView,
  type Shortfall,
} from './retention-plan.ts';

export interface RetentionOutcome {
  readonly deletions: readonly Deletion[];
  readonly shortfalls: readonly Shortfall[];
  /** Files that could not be deleted, and why. */
  readonly failures: readonly string[];
}

export interface RetentionRun extends RetentionSituation {
  readonly view: RetentionView;
  readonly deleter: RecordingDeleter;
  readonly mounted: readonly MountedVolume[];
}

/** Recordings deleted in one transaction: small, so that a full disk has room soon and others get at the index. */
const STEP = 100;

/**
 * Deletes what the rules ask for.
 * @throws the signal's reason, with what was begun to be done next time; whatever the index throws.
 */
export async function runRetention(run: RetentionRun, signal: AbortSignal): Promise<RetentionOutcome> {
  const deletions: Deletion[] = [];
  const failures: string[] = [];
  const planning = planRetention(run.view, run);
  for (;;) {
    signal.throwIfAborted();
    const { step, shortfalls } = await nextStep(planning);
    if (step.length > 0) failures.push(...(await run.deleter.delete(step, run.mounted, signal)));
    deletions.push(...step);
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
