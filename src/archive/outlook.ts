import { wallMs, type WallMs } from '../base/time.ts';
import type { Config } from '../config/config.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import { forecast, type Forecast } from './forecast.ts';
import type { MountedVolume } from './mounted-volume.ts';
import {
  planRetention,
  type Deletion,
  type RetentionSituation,
  type RetentionView,
  type Shortfall,
} from './retention-plan.ts';
import { retentionRules } from './retention-rules.ts';
import { readSpaces } from './volume-space.ts';

const EVER = { fromWallMs: wallMs(0), toWallMs: wallMs(Number.MAX_SAFE_INTEGER) };

/**
 * When the disks are full and how far back recordings will reach under a configuration.
 * @param mounted those of its volumes that are there.
 * @throws IndexError; an error of the system.
 */
export async function forecastArchive(
  index: Pick<IndexQueries, 'recordedHours' | 'usage'>,
  config: Pick<Config, 'cameras' | 'retention'>,
  mounted: readonly MountedVolume[],
  now: WallMs,
): Promise<Forecast> {
  const spaces = await readSpaces(mounted, config.retention.minFreeBytes);
  const volumes = spaces.map((space, i) => ({ ...space, moveAfterMs: mounted[i]?.moveAfterMs }));
  const all = await index.recordedHours(EVER);
  const hours = all.filter((hour) => volumes.some(({ id }) => id === hour.volume));
  return forecast({ now, hours, usage: await index.usage(), volumes, rules: retentionRules(config) });
}

/**
 * Tells what retention would delete, one after the other: there may be as many as there are recordings.
 * @returns the bounds that are exceeded all the same.
 * @throws IndexError; the signal's reason.
 */
export async function planDeletions(
  view: RetentionView,
  situation: RetentionSituation,
  { signal, onDeletion }: { readonly signal: AbortSignal; readonly onDeletion: (deletion: Deletion) => void },
): Promise<readonly Shortfall[]> {
  const planning = planRetention(view, situation);
  for (;;) {
    signal.throwIfAborted();
    const next = await planning.next();
    if (next.done === true) return next.value;
    onDeletion(next.value);
  }
}
