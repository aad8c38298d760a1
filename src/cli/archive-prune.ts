import { findMounted } from '../archive/mounted-volume.ts';
import { RecordingDeleter } from '../archive/recording-deleter.ts';
import { planDeletions } from '../archive/outlook.ts';
import type { Deletion, RetentionSituation, RetentionView } from '../archive/retention-plan.ts';
import { retentionRules } from '../archive/retention-rules.ts';
import { runRetention } from '../archive/retention-run.ts';
import { AgeClock, type RetentionTime } from '../archive/retention-time.ts';
import { readSpaces } from '../archive/volume-space.ts';
import { systemClock } from '../base/clock.ts';
import type { WallMs } from '../base/time.ts';
import { requireNobodyBeside } from './archive-work.ts';
import { EXIT } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';
import { pruneJson, pruneText, type PruneResult } from './prune-report.ts';
import { tellMissing, useIndex } from './use-index.ts';

export interface PruneOptions extends ConfigOptions {
  readonly dryRun: boolean;
  readonly trustClock: boolean;
  readonly json: boolean;
}

/**
 * `preroll archive prune`: deletes what the rules ask for, as a running recorder does every minute, or lists it.
 * @returns the exit code: `failed` where a bound cannot be met or a file cannot be deleted.
 * @throws ArchiveInUseError where another command changes the archive.
 */
export async function archivePrune(options: PruneOptions): Promise<number> {
  return await interruptible(async (signal) => {
    const result = await useIndex(options, signal, async (index, config): Promise<PruneResult> => {
      // Beside a recorder, the index decides what becomes of each recording, in one transaction.
      if (!options.dryRun) requireNobodyBeside(config);
      const mounted = await findMounted(config.archive.volumes);
      tellMissing(config, mounted);
      const time = timeOf(await index.agedTo(), options);
      const deleter = new RecordingDeleter(index);
      const situation = {
        isGone: () => false,
        rules: retentionRules(config),
        volumes: await readSpaces(mounted, config.retention.minFreeBytes),
        time,
      };
      const outcome = options.dryRun
        ? { ...(await planned(index, situation, signal)), failures: [] }
        : await runRetention({ ...situation, view: index, deleter, mounted }, signal);
      return { ...outcome, time, volumes: mounted, isDryRun: options.dryRun };
    });
    process.stdout.write(options.json ? json(pruneJson(result)) : pruneText(result));
    const isMet = result.shortfalls.length === 0 && result.failures.length === 0;
    return isMet ? EXIT.ok : EXIT.failed;
  });
}

async function planned(view: RetentionView, situation: RetentionSituation, signal: AbortSignal) {
  const deletions: Deletion[] = [];
  const onDeletion = (deletion: Deletion) => void deletions.push(deletion);
  return { deletions, shortfalls: await planDeletions(view, situation, { signal, onDeletion }) };
}

function timeOf(agedTo: WallMs | undefined, { trustClock }: PruneOptions): RetentionTime {
  const time = new AgeClock(systemClock, agedTo).read();
  return trustClock ? { ...time, ageWallMs: time.wallMs } : time;
}
