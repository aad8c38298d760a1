import { formatDuration } from '../config/quantity.ts';
import type { RetentionReason } from './retention-limits.ts';
import type { Deletion, Shortfall } from './retention-plan.ts';
import type { RetentionTime } from './retention-time.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Three digits: `734 MB`, `1.25 GB`; units of 1000, as disks are sold. */
export function describeSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = value < 9.995 ? 2 : Number(value < 99.95);
  return `${value.toFixed(unit === 0 ? 0 : digits)} ${UNITS[unit] ?? ''}`;
}

/** The bound that asks for a deletion, such as `older than 30d`. */
export function describeReason(reason: RetentionReason): string {
  if (reason.rule === 'room') return 'to make room';
  if (reason.rule === 'age') return `older than ${formatDuration(reason.maxAgeMs)}`;
  const size = describeSize(reason.maxSizeBytes);
  if (reason.rule === 'archive-size') return `more than ${size} in all`;
  if (reason.rule === 'camera-size') return `more than ${size} of the camera`;
  return `more than ${size} of ${reason.footage === 'event' ? 'its events' : 'what holds no event'}`;
}

/** How many of what size went for which reasons: `3 recordings, 120 MB: yard 2 older than 30d; gate 1 to make room`. */
export function describeDeletions(deletions: readonly Pick<Deletion, 'segment' | 'reason'>[]): string {
  const bytes = deletions.reduce((sum, { segment }) => sum + segment.sizeBytes, 0);
  const counts = new Map<string, number>();
  for (const { segment, reason } of deletions) {
    const key = `${segment.camera}: ${describeReason(reason)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const parts = Array.from(counts, ([key, count]) => `${count} of ${key}`);
  const what = deletions.length === 1 ? 'recording' : 'recordings';
  return `${deletions.length} ${what}, ${describeSize(bytes)} (${parts.join('; ')})`;
}

/** A bound that contradicts what is guaranteed or kept. */
export function describeShortfall({ reason, missingBytes }: Shortfall): string {
  const size = describeSize(missingBytes);
  const rest = 'all that is left is kept by hand or younger than retention.minAge';
  if (reason.rule === 'room') {
    return `no disk has room, ${size} are missing, and ${rest}: recording stops when the disks are full`;
  }
  if (reason.rule === 'archive-size') {
    return `the archive takes ${size} more than retention.archiveMaxSize, and ${rest}`;
  }
  const option = reason.rule === 'camera-size' ? 'maxSize' : `${reason.footage}MaxSize`;
  return `${reason.camera} takes ${size} more than its retention.${option}, and ${rest}`;
}

const HOUR_MS = 3_600_000;

/** What is wrong with the host's clock, if anything is. */
export function describeClock({ wallMs, ageWallMs, futureFromWallMs }: RetentionTime): string | undefined {
  if (futureFromWallMs !== undefined) {
    return "this machine's clock is far behind the time of recordings in the archive: is it set right? Ages count by it all the same";
  }
  const aheadMs = wallMs - ageWallMs;
  if (aheadMs < HOUR_MS) return undefined;
  const ahead = formatDuration(Math.floor(aheadMs / HOUR_MS) * HOUR_MS);
  return (
    `this machine's clock is ${ahead} ahead of the time that retention saw pass; recordings age at twice the speed of time ` +
    'until that is caught up with. If the clock is right and they should go at once: preroll archive prune --trust-clock'
  );
}
