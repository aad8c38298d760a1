import type { ToldGapDetail } from '../../../src/http/api/gap-detail.ts';
import type { TimelineAnswer } from '../../../src/http/api/timeline.ts';

/*
 * What a timeline draws: spans in order of time, moments in ms since the epoch.
 */

export interface RecordedSpan {
  readonly startMs: number;
  readonly endMs: number;
  /** How much of it is recorded, 0..1: below 1 where several spans were put together. */
  readonly share: number;
}

export interface GapSpan extends ToldGapDetail {
  readonly startMs: number;
  readonly endMs: number;
  /** A `GapCause` of the index. */
  readonly cause: string;
}

export interface EventSpan {
  readonly startMs: number;
  readonly endMs: number;
  /** Of the first, where there are several. */
  readonly triggerMs: number;
  readonly count: number;
  readonly causes: readonly string[];
  readonly zones: readonly string[];
  readonly isKept: boolean;
}

export interface Motion {
  readonly startMs: number;
  readonly slotMs: number;
  /** A byte a slot: 0 nobody watched, 1 nothing moved, up to 255. */
  readonly intensity: Uint8Array;
}

/** One camera within a span of time. */
export interface Track {
  readonly camera: string;
  readonly recorded: readonly RecordedSpan[];
  readonly gaps: readonly GapSpan[];
  readonly events: readonly EventSpan[];
  readonly motion: Motion | undefined;
}

/** What the server tells of a span. */
export interface Tracks {
  readonly fromMs: number;
  readonly toMs: number;
  readonly resolutionMs: number;
  /** The recorder's clock when it told this. */
  readonly nowMs: number;
  readonly timeZone: string;
  readonly tracks: readonly Track[];
}

export function tracksOf(answer: TimelineAnswer): Tracks {
  const { fromMs, toMs, resolutionMs, nowMs, timeZone } = answer;
  return {
    fromMs,
    toMs,
    resolutionMs,
    nowMs,
    timeZone,
    tracks: answer.cameras.map((one) => trackOf(one, answer)),
  };
}

type CameraAnswer = TimelineAnswer['cameras'][number];

function trackOf({ camera, recorded, gaps, events, motion }: CameraAnswer, answer: TimelineAnswer): Track {
  const { fromMs, reasons, labels } = answer;
  return {
    camera,
    recorded: rows(recorded, 3).map(([start = 0, length = 0, filled = 0]) => ({
      startMs: fromMs + start,
      endMs: fromMs + start + length,
      share: length > 0 ? Math.min(1, filled / length) : 1,
    })),
    gaps: rows(gaps, 4).map(([start = 0, length = 0, , reason = -1]) => ({
      startMs: fromMs + start,
      endMs: fromMs + start + length,
      ...(reasons[reason] ?? { cause: 'unknown', detail: '' }),
    })),
    events: rows(events, 6).map(([start = 0, length = 0, trigger = 0, count = 1, label = -1, kept = 0]) => ({
      startMs: fromMs + start,
      endMs: fromMs + start + length,
      triggerMs: fromMs + start + trigger,
      count,
      ...(labels[label] ?? { causes: [], zones: [] }),
      isKept: kept === 1,
    })),
    motion: motion === null ? undefined : { ...motion, intensity: bytesOf(motion.intensity) },
  };
}

function rows(numbers: readonly number[], width: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.floor(numbers.length / width) }, (_, row) =>
    numbers.slice(row * width, (row + 1) * width),
  );
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The place of the first span that ends after a moment, of those that end in order. */
export function firstEndingAfter(spans: readonly { readonly endMs: number }[], ms: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.endMs ?? Infinity) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
