import type { IndexAccess } from '../../db/index-access.ts';
import { joinTouching, type Interval } from '../../db/intervals.ts';
import { recordedSpans } from '../../db/recorded-spans.ts';
import type { SegmentRecord } from '../../db/records.ts';
import { allSegments, extentOf, segmentsInTime } from '../index-rows.ts';

interface Sum {
  segments: number;
  sizeBytes: number;
  recordedMs: number;
}

/**
 * Whether what the index derives from its segments follows from them: sums and spans.
 * @returns what does not, for people.
 * @throws IndexError; the signal's reason.
 */
export async function sumProblems(index: IndexAccess, signal: AbortSignal): Promise<readonly string[]> {
  const sums = new Map<string, Sum>();
  for await (const segment of allSegments(index)) {
    signal.throwIfAborted();
    addTo(sums, segment);
  }
  const problems = await differingSums(index, sums);
  for (const camera of await index.cameras()) {
    const problem = await spanProblem(index, camera, signal);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

function addTo(sums: Map<string, Sum>, segment: SegmentRecord): void {
  const { camera, volume, kind, sizeBytes, startWallMs, endWallMs } = segment;
  const key = keyOf(camera, volume, kind);
  const sum = sums.get(key) ?? { segments: 0, sizeBytes: 0, recordedMs: 0 };
  sums.set(key, sum);
  sum.segments += 1;
  sum.sizeBytes += sizeBytes;
  sum.recordedMs += endWallMs - startWallMs;
}

async function differingSums(index: IndexAccess, expected: ReadonlyMap<string, Sum>): Promise<string[]> {
  const found = new Map<string, Sum>();
  for (const { camera, volume, kind, segments, sizeBytes, recordedMs } of await index.usage()) {
    // Apart from what holds an event: that is told by events, and by these sums only split.
    const key = keyOf(camera, volume, kind);
    const sum = found.get(key) ?? { segments: 0, sizeBytes: 0, recordedMs: 0 };
    found.set(key, sum);
    sum.segments += segments;
    sum.sizeBytes += sizeBytes;
    sum.recordedMs += recordedMs;
  }
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((key) => {
    const [told, follows] = [found.get(key), expected.get(key)].map(describe);
    return told === follows ? [] : [`${key}: the index says ${told}, its segments say ${follows}`];
  });
}

function keyOf(camera: string, volume: string, kind: string): string {
  return `${camera}, ${kind}, volume ${volume}`;
}

function describe(sum: Sum | undefined): string {
  if (sum === undefined) return 'nothing';
  return `${sum.segments} segments of ${sum.sizeBytes} bytes and ${sum.recordedMs} ms`;
}

async function spanProblem(
  index: IndexAccess,
  camera: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const extent = await extentOf(index, camera);
  if (extent === undefined) return undefined;
  const intervals: Interval[] = [];
  for await (const segment of segmentsInTime(index, camera)) {
    signal.throwIfAborted();
    intervals.push(...intervalsOf(segment));
  }
  const expected = joinTouching(intervals.toSorted((a, b) => a.startMs - b.startMs));
  const spans = (await index.timeline(extent)).flatMap(({ recorded }) => recorded);
  const found = spans.map(({ startWallMs, endWallMs }) => ({ startMs: startWallMs, endMs: endWallMs }));
  const at = expected.findIndex((interval, i) => !isSame(interval, found[i]));
  if (at < 0 && found.length === expected.length) return undefined;
  const place = at < 0 ? expected.length : at;
  return `${camera}: the index says ${spanText(found[place])} is recorded, its segments say ${spanText(expected[place])}`;
}

function intervalsOf(segment: SegmentRecord): readonly Interval[] {
  return recordedSpans(segment).map(({ startWallMs, endWallMs }) => ({
    startMs: startWallMs,
    endMs: endWallMs,
  }));
}

function isSame(a: Interval, b: Interval | undefined): boolean {
  return a.startMs === b?.startMs && a.endMs === b.endMs;
}

function spanText(interval: Interval | undefined): string {
  if (interval === undefined) return 'nothing more';
  return [interval.startMs, interval.endMs].map((ms) => new Date(ms).toISOString()).join(' to ');
}
