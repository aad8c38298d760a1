import type { ModelFootage, ModelGroup } from './archive-model.ts';

const DAY_MS = 86_400_000;
/** Beyond a hundred years nothing has a bound. */
const LONGEST_MS = 36_500 * DAY_MS;

/**
 * How far back recordings reach at the present rate, once rules or full disks delete the oldest.
 * @param groups those that share a bound, the whole archive in its volumes among them.
 * @returns undefined where nothing bounds it.
 */
export function reachMs(footage: ModelFootage, groups: readonly ModelGroup[]): number | undefined {
  const { maxAgeMs = LONGEST_MS } = footage.bounds;
  const bounds = groups.filter((group) => group.footage.includes(footage)).map(sharedReachMs);
  const reach = Math.min(maxAgeMs, ownReachMs(footage), ...bounds);
  return reach >= LONGEST_MS ? undefined : reach;
}

function ownReachMs({ rate, bounds }: ModelFootage): number {
  const { maxSizeBytes = Number.POSITIVE_INFINITY } = bounds;
  const bytesPerDay = rate?.bytesPerDay ?? 0;
  return bytesPerDay > 0 ? (maxSizeBytes / bytesPerDay) * DAY_MS : LONGEST_MS;
}

/** All that share a bound reach back equally far, unless narrower bounds keep some from it. Found by halving. */
function sharedReachMs({ footage, maxSizeBytes }: ModelGroup): number {
  const takenBytes = (ms: number) => footage.reduce((sum, each) => sum + takenIn(each, ms), 0);
  let least = 0;
  let most = LONGEST_MS;
  if (takenBytes(most) <= maxSizeBytes) return most;
  while (most - least > 60_000) {
    const middle = (least + most) / 2;
    if (takenBytes(middle) > maxSizeBytes) most = middle;
    else least = middle;
  }
  return least;
}

function takenIn({ rate, bounds }: ModelFootage, ms: number): number {
  const { maxAgeMs = LONGEST_MS, maxSizeBytes = Number.POSITIVE_INFINITY } = bounds;
  return Math.min(maxSizeBytes, ((rate?.bytesPerDay ?? 0) * Math.min(ms, maxAgeMs)) / DAY_MS);
}
