import {
  eventBars,
  gapBars,
  motionColumns,
  recordedBars,
  type Clip,
  type EventBar,
  type GapBar,
  type MotionColumn,
  type RecordedBar,
} from './bars.ts';
import { laneAt, lanesOf, type Lane } from './lanes.ts';
import type { LocalTime } from './local-time.ts';
import type { Selection } from './selection.ts';
import { ticksOf, type Tick } from './ticks.ts';
import { trackIn, type Slice } from './tiles.ts';
import { firstEndingAfter, type EventSpan, type GapSpan, type RecordedSpan, type Track } from './track.ts';
import { spanMs, timeAt, toMs, xOf, type View } from './view.ts';

/** All that a timeline shows, in pixels: made of what is known, without a canvas. */
export interface Scene {
  readonly view: View;
  readonly heightPx: number;
  readonly lanes: readonly LaneScene[];
  readonly ticks: readonly Tick[];
  readonly clockChanges: readonly { readonly xPx: number; readonly byMs: number }[];
  /** Where time has come to; beyond the view's edge when it is not in sight. */
  readonly presentPx: number;
  readonly playheadPx: number | undefined;
  readonly selection: { readonly fromPx: number; readonly toPx: number } | undefined;
}

export interface LaneScene extends Lane {
  readonly recorded: readonly RecordedBar[];
  readonly gaps: readonly GapBar[];
  readonly motion: readonly MotionColumn[];
  readonly events: readonly EventBar[];
}

export interface SceneInput {
  readonly view: View;
  readonly heightPx: number;
  readonly cameras: readonly string[];
  readonly slices: readonly Slice[];
  readonly time: LocalTime;
  readonly presentMs: number;
  readonly playheadMs: number | undefined;
  readonly selection: Selection | undefined;
}

/** How wide a label of the ruler is with the space beside it. */
const LABEL_PX = 76;
/** Clocks that changed are marked as long as days can be told apart. */
const LONGEST_WITH_CHANGES_MS = 40 * 86_400_000;
/** What was recorded up to so long before it was told is still being recorded. */
const STILL_RECORDING_MS = 15_000;

export function sceneOf(input: SceneInput): Scene {
  const { view, heightPx, cameras, time, presentMs, playheadMs, selection } = input;
  const changes = spanMs(view) > LONGEST_WITH_CHANGES_MS ? [] : time.changes(view.fromMs, toMs(view));
  return {
    view,
    heightPx,
    lanes: lanesOf(cameras, heightPx).map((lane) => laneScene(lane, input)),
    ticks: ticksOf(view, time, LABEL_PX),
    clockChanges: changes.map(({ ms, byMs }) => ({ xPx: xOf(view, ms), byMs })),
    presentPx: xOf(view, presentMs),
    playheadPx: playheadMs === undefined ? undefined : xOf(view, playheadMs),
    selection: selection && { fromPx: xOf(view, selection.fromMs), toPx: xOf(view, selection.toMs) },
  };
}

function laneScene(lane: Lane, { view, slices, presentMs }: SceneInput): LaneScene {
  const parts = slices.flatMap((slice) => {
    const track = trackIn(slice, lane.camera);
    if (track === undefined) return [];
    const clip = {
      fromPx: Math.max(-2, xOf(view, slice.fromMs)),
      toPx: Math.min(view.widthPx + 2, xOf(view, Math.min(slice.toMs, presentMs))),
    };
    return clip.fromPx < clip.toPx ? [partOf(track, slice, view, clip, presentMs)] : [];
  });
  return {
    ...lane,
    recorded: parts.flatMap(({ recorded }) => recorded),
    gaps: parts.flatMap(({ gaps }) => gaps),
    motion: parts.flatMap(({ motion }) => motion),
    events: parts.flatMap(({ events }) => events),
  };
}

function partOf(track: Track, slice: Slice, view: View, clip: Clip, presentMs: number) {
  const fromMs = timeAt(view, clip.fromPx);
  const recorded = stillRecording(track.recorded, slice.tracks.nowMs, presentMs);
  return {
    recorded: recordedBars(within(recorded, fromMs, clip, view), view, clip),
    gaps: gapBars(within(track.gaps, fromMs, clip, view), view, clip),
    motion: track.motion === undefined ? [] : motionColumns(track.motion, view, clip),
    events: eventBars(track.events, view, clip),
  };
}

/** Spans that lie in order and apart: those of the clip. */
function within<T extends { readonly startMs: number; readonly endMs: number }>(
  spans: readonly T[],
  fromMs: number,
  clip: Clip,
  view: View,
): readonly T[] {
  const untilMs = timeAt(view, clip.toPx);
  const first = firstEndingAfter(spans, fromMs);
  let last = first;
  while (last < spans.length && (spans[last]?.startMs ?? Infinity) < untilMs) last += 1;
  return spans.slice(first, last);
}

/** What is recorded goes on between two answers. */
function stillRecording(
  spans: readonly RecordedSpan[],
  toldMs: number,
  presentMs: number,
): readonly RecordedSpan[] {
  const last = spans.at(-1);
  const isGoingOn = last !== undefined && toldMs - last.endMs < STILL_RECORDING_MS && toldMs >= last.endMs;
  return isGoingOn ? [...spans.slice(0, -1), { ...last, endMs: Math.max(last.endMs, presentMs) }] : spans;
}

/** What lies at a place of the timeline. */
export interface Hit {
  readonly ms: number;
  /** Undefined over the ruler. */
  readonly camera: string | undefined;
  readonly event: EventSpan | undefined;
  readonly gap: GapSpan | undefined;
  readonly isRecorded: boolean;
}

/** How far beside something a pointer may be. */
const REACH_PX = 3;

export function hitAt(input: SceneInput, xPx: number, yPx: number): Hit {
  const { view, cameras, heightPx, slices, presentMs } = input;
  const ms = timeAt(view, xPx);
  const nothing = { ms, camera: undefined, event: undefined, gap: undefined, isRecorded: false };
  const camera = laneAt(lanesOf(cameras, heightPx), yPx)?.camera;
  if (camera === undefined || ms > presentMs) return nothing;
  const slice = slices.find((one) => ms >= one.fromMs && ms < one.toMs);
  const track = slice && trackIn(slice, camera);
  if (slice === undefined || track === undefined) return { ...nothing, camera };
  const reachMs = REACH_PX * view.msPerPx;
  const near = (span: { readonly startMs: number; readonly endMs: number }, byMs: number) =>
    ms >= span.startMs - byMs && ms < span.endMs + byMs;
  const recorded = stillRecording(track.recorded, slice.tracks.nowMs, presentMs);
  const isRecorded = recorded.some((span) => near(span, 0));
  // Of several gaps the one that began last counts, as in the account of a camera; trouble is found from beside it too.
  const gap = track.gaps.findLast((span) => near(span, isRecorded ? reachMs : 0));
  return { ms, camera, event: track.events.findLast((span) => near(span, reachMs)), gap, isRecorded };
}
