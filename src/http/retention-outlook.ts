import { findMounted } from '../archive/mounted-volume.ts';
import { forecastArchive, planDeletions } from '../archive/outlook.ts';
import type { Deletion } from '../archive/retention-plan.ts';
import { retentionRules } from '../archive/retention-rules.ts';
import { describeClock, describeShortfall } from '../archive/retention-text.ts';
import { AgeClock } from '../archive/retention-time.ts';
import { readSpaces } from '../archive/volume-space.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import type { RetentionOutlook } from './api/settings.ts';

interface OutlookOptions {
  readonly index: IndexQueries;
  /** With the rules that are asked about. */
  readonly config: Pick<Config, 'archive' | 'cameras' | 'retention'>;
  readonly clock: Clock;
}

/**
 * What retention will do under a configuration: at once, and in the long run.
 * @throws IndexError; an error of the system; the signal's reason.
 */
export async function retentionOutlookOf(
  { index, config, clock }: OutlookOptions,
  signal: AbortSignal,
): Promise<RetentionOutlook> {
  const now = clock.wallMs();
  const mounted = await findMounted(config.archive.volumes);
  const { footage, volumes, fullAt } = await forecastArchive(index, config, mounted, now);
  const time = new AgeClock(clock, await index.agedTo()).read();
  const situation = {
    rules: retentionRules(config),
    volumes: await readSpaces(mounted, config.retention.minFreeBytes),
    time,
    isGone: () => false,
  };
  const deletions = new DeletionSums();
  const shortfalls = await planDeletions(index, situation, {
    signal,
    onDeletion: (deletion) => deletions.add(deletion),
  });
  const rates = footage.flatMap(({ bytesPerDay }) => bytesPerDay ?? []);
  return {
    nowMs: now,
    fullAtMs: fullAt ?? null,
    bytesPerDay: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
    footage: footage.map(({ camera, footage: kind, sizeBytes, oldestWallMs, bytesPerDay, reachMs }) => ({
      camera,
      footage: kind,
      bytes: sizeBytes,
      oldestMs: oldestWallMs,
      bytesPerDay: bytesPerDay ?? null,
      reachMs: reachMs ?? null,
    })),
    disks: volumes.map((volume, i) => ({
      path: mounted[i]?.path ?? '',
      bytes: volume.sizeBytes,
      roomBytes: Math.max(0, volume.roomBytes),
      fullAtMs: volume.fullAt ?? null,
    })),
    deletions: deletions.all(),
    shortfalls: shortfalls.map((shortfall) => ({ message: describeShortfall(shortfall) })),
    clock: describeClock(time) ?? null,
  };
}

/** By camera and kind of footage. */
class DeletionSums {
  readonly #sums = new Map<string, RetentionOutlook['deletions'][number]>();

  add({ segment }: Deletion): void {
    const { camera, sizeBytes, startWallMs, endWallMs } = segment;
    const footage = segment.holdsEvent ? 'event' : 'continuous';
    const key = `${camera}/${footage}`;
    const sum = this.#sums.get(key);
    this.#sums.set(key, {
      camera,
      footage,
      recordings: (sum?.recordings ?? 0) + 1,
      bytes: (sum?.bytes ?? 0) + sizeBytes,
      oldestMs: Math.min(sum?.oldestMs ?? startWallMs, startWallMs),
      newestMs: Math.max(sum?.newestMs ?? endWallMs, endWallMs),
    });
  }

  all(): RetentionOutlook['deletions'] {
    return [...this.#sums.values()];
  }
}
