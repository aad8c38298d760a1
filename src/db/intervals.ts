/** A half-open stretch of wall time in whole milliseconds. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** What is this close touches: two files of a run, whose clocks shiver, but not what has a gap told between. */
export const TOUCHING_MS = 50;

/** All within reach of touching it, as an interval that they overlap. */
export function reachOf({ startMs, endMs }: Interval): Interval {
  // One more at both ends, because touching includes the distance itself.
  return { startMs: startMs - TOUCHING_MS - 1, endMs: endMs + TOUCHING_MS + 1 };
}

export function overlap(a: Interval, b: Interval): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs;
}

export function contains(whole: Interval, part: Interval): boolean {
  return whole.startMs <= part.startMs && whole.endMs >= part.endMs;
}

/** Those that touch made one. @param intervals in order of their starts. */
export function joinTouching(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const interval of intervals) {
    const last = joined.at(-1);
    if (last === undefined || interval.startMs - last.endMs > TOUCHING_MS) joined.push(interval);
    else if (interval.endMs > last.endMs) joined[joined.length - 1] = { ...last, endMs: interval.endMs };
  }
  return joined;
}

/** What of `whole` none of `parts` covers. @param parts in order of their starts. */
export function subtract(whole: Interval, parts: readonly Interval[]): readonly Interval[] {
  const left: Interval[] = [];
  let { startMs } = whole;
  for (const part of parts) {
    const endMs = Math.min(part.startMs, whole.endMs);
    if (endMs > startMs) left.push({ startMs, endMs });
    startMs = Math.max(startMs, part.endMs);
  }
  if (whole.endMs > startMs) left.push({ startMs, endMs: whole.endMs });
  return left;
}
