import type { CameraTimeline, Span, TimelineEvent } from '../db/archive-index.ts';
import type { GapCause } from '../db/records.ts';

/*
 * Timelines as seen from further away: what is shorter than a pixel is told together with what lies beside it, so that a
 * month of a camera takes no more than a day. Time is cut into cells, as long as a pixel shows, that lie on multiples of
 * their length since the epoch, so that neighbouring answers fit together. What is longer than a cell stays exact: its
 * edges are what people look for.
 */

/** A span and how much of it has what it tells of: less than its length where several were put together. */
export interface PartialSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly filledMs: number;
}

export interface PartialGap extends PartialSpan {
  readonly cause: GapCause;
  readonly detail: string;
}

/** Events of the same causes and zones that begin within one cell; mostly one. */
export interface EventGroup extends Pick<TimelineEvent, 'causes' | 'zones' | 'isKept'> {
  readonly startMs: number;
  readonly endMs: number;
  /** Of the first. */
  readonly triggerMs: number;
  readonly count: number;
}

/** @param resolutionMs the length of a cell; 0 tells everything as it is. */
export function recordedAt(recorded: readonly Span[], resolutionMs: number): readonly PartialSpan[] {
  return together(recorded.map(partial), resolutionMs, { areAlike: () => true, join: joined });
}

/** Gaps of different causes stay apart. @param resolutionMs as in `recordedAt`. */
export function gapsAt(gaps: CameraTimeline['gaps'], resolutionMs: number): readonly PartialGap[] {
  const told = gaps.map((gap): PartialGap => ({
    ...partial(gap),
    cause: gap.cause,
    detail: gap.detail,
  }));
  return together(told, resolutionMs, {
    areAlike: (a, b) => a.cause === b.cause,
    join: (a, b) => ({ ...a, ...joined(a, b) }),
  });
}

/** @param resolutionMs as in `recordedAt`. */
export function eventsAt(events: readonly TimelineEvent[], resolutionMs: number): readonly EventGroup[] {
  const told = events.map((event): EventGroup => ({
    startMs: event.startWallMs,
    endMs: event.endWallMs,
    triggerMs: event.triggerWallMs,
    count: 1,
    causes: event.causes,
    zones: event.zones,
    isKept: event.isKept,
  }));
  return together(told, resolutionMs, {
    // The index gives the same objects for the same ones.
    areAlike: (a, b) => a.causes === b.causes && a.zones === b.zones,
    // Each by name: of 250,000 events of a month, copying all that there is takes most of the time.
    join: (a, b) => ({
      startMs: a.startMs,
      endMs: Math.max(a.endMs, b.endMs),
      triggerMs: Math.min(a.triggerMs, b.triggerMs),
      count: a.count + b.count,
      causes: a.causes,
      zones: a.zones,
      isKept: a.isKept || b.isKept,
    }),
  });
}

interface Joining<T> {
  readonly areAlike: (a: T, b: T) => boolean;
  readonly join: (a: T, b: T) => T;
}

/** @param spans in order of time. */
function together<T extends { readonly startMs: number; readonly endMs: number }>(
  spans: readonly T[],
  resolutionMs: number,
  { areAlike, join }: Joining<T>,
): readonly T[] {
  if (resolutionMs === 0) return spans;
  const result: T[] = [];
  /** Of the cell under way, where what is short stands in the result. */
  let places: number[] = [];
  let cell = Number.NaN;
  for (const span of spans) {
    const itsCell = Math.floor(span.startMs / resolutionMs);
    if (itsCell !== cell) places = [];
    cell = itsCell;
    if (span.endMs - span.startMs > resolutionMs) {
      result.push(span);
      continue;
    }
    const place = places.find((at) => {
      const one = result[at];
      return one !== undefined && areAlike(one, span);
    });
    const before = place === undefined ? undefined : result[place];
    if (place === undefined || before === undefined) places.push(result.push(span) - 1);
    else result[place] = join(before, span);
  }
  return result;
}

function partial({ startWallMs, endWallMs }: Span): PartialSpan {
  return { startMs: startWallMs, endMs: endWallMs, filledMs: endWallMs - startWallMs };
}

function joined(a: PartialSpan, b: PartialSpan): PartialSpan {
  return {
    startMs: Math.min(a.startMs, b.startMs),
    endMs: Math.max(a.endMs, b.endMs),
    filledMs: a.filledMs + b.filledMs,
  };
}
