import { wallMs, type WallMs } from '../base/time.ts';
import { account, accountBegins, surelyTold, type AccountEntry } from '../db/account.ts';
import type { CameraTimeline, IndexQueries } from '../db/archive-index.ts';
import type { SystemAnswer } from './api/system.ts';
import { toldGapDetail } from './told-gap-detail.ts';

const DAY_MS = 86_400_000;
const MOST_GAPS = 50;
/** Not recorded as it was asked for. */
const MEANT: ReadonlySet<string> = new Set(['policy', 'disabled', 'retention', 'deleted']);

type Gap = Exclude<AccountEntry, { kind: 'recorded' }> & { readonly camera: string };
type DayOfCamera = SystemAnswer['lastDay']['cameras'][number];

/**
 * What became of the last 24 hours of these cameras.
 * @throws IndexError
 */
export async function lastDayOf(
  index: Pick<IndexQueries, 'lastAlive' | 'timeline'>,
  cameras: readonly string[],
  now: WallMs,
): Promise<SystemAnswer['lastDay']> {
  // Before the rest: what is told meanwhile is later.
  const toWallMs = wallMs(Math.min(now, surelyTold(await index.lastAlive()) ?? now));
  const fromWallMs = wallMs(toWallMs - DAY_MS);
  const timelines = await index.timeline({ cameras, fromWallMs, toWallMs });
  const days = timelines.map((timeline) => {
    const startWallMs = wallMs(Math.max(fromWallMs, accountBegins(timeline) ?? toWallMs));
    return { timeline, entries: account({ startWallMs, endWallMs: toWallMs }, timeline) };
  });
  const gaps = days.flatMap(({ timeline, entries }) => gapsOf(timeline, entries));
  return {
    cameras: days.map(({ timeline, entries }) => sumUp(timeline.camera, entries)),
    gaps: gaps
      .filter((gap) => !MEANT.has(causeOf(gap)))
      .toSorted((a, b) => b.startWallMs - a.startWallMs)
      .slice(0, MOST_GAPS)
      .map((gap) => ({
        camera: gap.camera,
        startMs: gap.startWallMs,
        endMs: gap.endWallMs,
        cause: causeOf(gap),
        ...toldGapDetail(gap.kind === 'missing' ? gap.detail : ''),
      })),
  };
}

function gapsOf({ camera }: CameraTimeline, entries: readonly AccountEntry[]): readonly Gap[] {
  return entries.flatMap((entry) => (entry.kind === 'recorded' ? [] : [{ ...entry, camera }]));
}

function sumUp(camera: string, entries: readonly AccountEntry[]): DayOfCamera {
  const sums = new Map<string, { ms: number; times: number }>();
  for (const entry of entries) {
    if (entry.kind === 'recorded') continue;
    const sum = sums.get(causeOf(entry)) ?? { ms: 0, times: 0 };
    sums.set(causeOf(entry), { ms: sum.ms + lengthOf(entry), times: sum.times + 1 });
  }
  const missing = Array.from(sums, ([cause, sum]) => ({ cause, ...sum }));
  const missingMs = missing.reduce((total, { ms }) => total + ms, 0);
  const spanMs = entries.reduce((total, entry) => total + lengthOf(entry), 0);
  return {
    camera,
    spanMs,
    recordedMs: spanMs - missingMs,
    missing: missing.toSorted((a, b) => b.ms - a.ms),
  };
}

function causeOf(entry: Exclude<AccountEntry, { kind: 'recorded' }>): string {
  return entry.kind === 'missing' ? entry.cause : 'unknown';
}

function lengthOf({ startWallMs, endWallMs }: AccountEntry): number {
  return endWallMs - startWallMs;
}
