import { join } from 'node:path';
import type { MountedVolume } from '../archive/mounted-volume.ts';
import type { RetentionOutcome } from '../archive/retention-run.ts';
import { describeClock, describeReason, describeShortfall, describeSize } from '../archive/retention-text.ts';
import type { RetentionTime } from '../archive/retention-time.ts';
import type { FileKey } from '../db/archive-index.ts';
import { localTime } from './local-time.ts';
import { textTable } from './text-table.ts';

/** What `preroll archive prune` did, or would do. */
export interface PruneResult extends RetentionOutcome {
  readonly isDryRun: boolean;
  readonly time: RetentionTime;
  readonly volumes: readonly MountedVolume[];
}

const HEADINGS = ['start', 'camera', 'size', 'why', 'file'];

/** For people: each recording, then the sum and what is wrong. */
export function pruneText(result: PruneResult): string {
  const { deletions, shortfalls, failures, isDryRun, time, volumes } = result;
  const rows = deletions.map(({ segment, reason }) => [
    localTime(segment.startWallMs),
    segment.camera,
    describeSize(segment.sizeBytes),
    describeReason(reason),
    pathOf(segment, volumes),
  ]);
  const table = rows.length === 0 ? [] : textTable(HEADINGS, rows, ['size']);
  const verb = isDryRun ? 'would delete' : 'deleted';
  const size = describeSize(totalBytes(result));
  const sum = rows.length === 0 ? 'nothing to delete' : `${verb} ${rows.length} recordings, ${size}`;
  const clock = describeClock(time);
  const wrong = [...shortfalls.map(describeShortfall), ...failures, ...(clock === undefined ? [] : [clock])];
  return `${[...table, sum, ...wrong].join('\n')}\n`;
}

/** For scripts. */
export function pruneJson(result: PruneResult): object {
  const { deletions, shortfalls, failures, isDryRun, time, volumes } = result;
  return {
    ok: shortfalls.length === 0 && failures.length === 0,
    dryRun: isDryRun,
    bytes: totalBytes(result),
    recordings: deletions.map(({ segment, reason }) => ({
      camera: segment.camera,
      file: pathOf(segment, volumes),
      start: new Date(segment.startWallMs).toISOString(),
      end: new Date(segment.endWallMs).toISOString(),
      bytes: segment.sizeBytes,
      holdsEvent: segment.holdsEvent,
      reason,
    })),
    shortfalls: shortfalls.map((shortfall) => ({ ...shortfall, message: describeShortfall(shortfall) })),
    failures,
    clock: describeClock(time),
  };
}

function totalBytes({ deletions }: PruneResult): number {
  return deletions.reduce((sum, { segment }) => sum + segment.sizeBytes, 0);
}

function pathOf({ volume, path }: FileKey, volumes: readonly MountedVolume[]): string {
  return join(volumes.find(({ id }) => id === volume)?.path ?? '', path);
}
