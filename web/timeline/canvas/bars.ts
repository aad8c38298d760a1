import type { EventSpan, GapSpan, Motion, RecordedSpan } from './track.ts';
import { timeAt, xOf, type View } from './view.ts';

/*
 * What of a camera becomes which rectangles: pure, in pixels across. What lies within a pixel of its like is drawn as one, so that
 * a day of 500 events is a few hundred rectangles at most.
 */

export interface Bar {
  readonly xPx: number;
  readonly widthPx: number;
}

export interface RecordedBar extends Bar {
  readonly share: number;
}

/** How a gap is drawn: `quiet` where nothing was wanted, `past` where footage has gone as configured, `trouble` else. */
export type GapLook = 'quiet' | 'past' | 'trouble';

export interface GapBar extends Bar {
  readonly look: GapLook;
}

/** How an event is drawn, by what is most worth to be seen of it. */
export type EventLook = 'motion' | 'unwatched' | 'other';

export interface EventBar extends Bar {
  readonly look: EventLook;
  readonly isKept: boolean;
}

/** One column of motion. @property part 0..1 of the height there is. */
export interface MotionColumn extends Bar {
  readonly part: number;
}

const QUIET = new Set(['policy', 'disabled', 'starting']);
const PAST = new Set(['retention', 'deleted', 'unknown', 'shutdown']);

export function gapLookOf(cause: string): GapLook {
  if (QUIET.has(cause)) return 'quiet';
  return PAST.has(cause) ? 'past' : 'trouble';
}

export function eventLookOf(causes: readonly string[]): EventLook {
  if (causes.includes('motion')) return 'motion';
  return causes.includes('unwatched') ? 'unwatched' : 'other';
}

export function recordedBars(spans: readonly RecordedSpan[], view: View, clip: Clip): readonly RecordedBar[] {
  const bars: RecordedBar[] = [];
  for (const span of spans) {
    const bar = barOf(span, view, clip, 1);
    if (bar === undefined) continue;
    const last = bars.at(-1);
    // Steps of a tenth: more is not told apart.
    const share = Math.ceil(span.share * 10) / 10;
    if (last !== undefined && last.share === share && touches(last, bar))
      bars[bars.length - 1] = { ...union(last, bar), share };
    else bars.push({ ...bar, share });
  }
  return bars;
}

/** Trouble is seen however short it was: two pixels at least. */
export function gapBars(spans: readonly GapSpan[], view: View, clip: Clip): readonly GapBar[] {
  const bars: GapBar[] = [];
  const lastOf = new Map<GapLook, number>();
  for (const span of spans) {
    const look = gapLookOf(span.cause);
    const bar = barOf(span, view, clip, look === 'trouble' ? 2 : 0.25);
    if (bar === undefined) continue;
    const at = lastOf.get(look);
    const last = at === undefined ? undefined : bars[at];
    if (at !== undefined && last !== undefined && touches(last, bar))
      bars[at] = { ...union(last, bar), look };
    else lastOf.set(look, bars.push({ ...bar, look }) - 1);
  }
  return bars;
}

/** Three pixels at least, so that they are seen, with the place where they begin exact. */
export function eventBars(spans: readonly EventSpan[], view: View, clip: Clip): readonly EventBar[] {
  const bars: Writable<EventBar>[] = [];
  const lastOf = new Map<EventLook, Writable<EventBar>>();
  for (const { startMs, endMs, causes, isKept } of spans) {
    const from = Math.max(xOf(view, startMs), clip.fromPx);
    const to = Math.min(Math.max(xOf(view, endMs), xOf(view, startMs) + 3), clip.toPx);
    if (to <= from) continue;
    const look = eventLookOf(causes);
    const last = lastOf.get(look);
    // Those that are apart by a pixel stay apart to the eye. There may be 100,000: nothing is made of those that are joined.
    if (last !== undefined && last.isKept === isKept && from <= last.xPx + last.widthPx - 0.5) {
      last.widthPx = Math.max(last.widthPx, to - last.xPx);
      continue;
    }
    const bar = { xPx: from, widthPx: to - from, look, isKept };
    bars.push(bar);
    lastOf.set(look, bar);
  }
  return bars;
}

/** While it is being made. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Below this share of the range nothing but a picture's noise moves. */
const NOISE = 0.12;

/** Columns of two pixels at least, each as high as the strongest in it. */
export function motionColumns(
  { startMs, slotMs, intensity }: Motion,
  view: View,
  clip: Clip,
): readonly MotionColumn[] {
  const slotPx = slotMs / view.msPerPx;
  const each = Math.max(1, Math.ceil(2 / slotPx));
  const first = Math.max(0, Math.floor((timeAt(view, clip.fromPx) - startMs) / slotMs / each) * each);
  const last = Math.min(intensity.length, Math.ceil((timeAt(view, clip.toPx) - startMs) / slotMs));
  const columns: MotionColumn[] = [];
  for (let at = first; at < last; at += each) {
    let most = 0;
    for (let slot = at; slot < Math.min(last, at + each); slot += 1)
      most = Math.max(most, intensity[slot] ?? 0);
    const part = ((most - 1) / 254 - NOISE) / (1 - NOISE);
    if (part <= 0) continue;
    const xPx = xOf(view, startMs + at * slotMs);
    columns.push({ xPx, widthPx: slotPx * each, part });
  }
  return columns;
}

/** What is to be drawn of a view, in pixels. */
export interface Clip {
  readonly fromPx: number;
  readonly toPx: number;
}

function barOf(
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  view: View,
  clip: Clip,
  leastPx: number,
): Bar | undefined {
  const from = xOf(view, startMs);
  const to = Math.max(xOf(view, endMs), from + leastPx);
  if (to <= clip.fromPx || from >= clip.toPx) return undefined;
  const xPx = Math.max(from, clip.fromPx);
  return { xPx, widthPx: Math.min(to, clip.toPx) - xPx };
}

function touches(last: Bar, next: Bar): boolean {
  return next.xPx <= last.xPx + last.widthPx + 0.5;
}

function union(last: Bar, next: Bar): Bar {
  const endPx = Math.max(last.xPx + last.widthPx, next.xPx + next.widthPx);
  return { xPx: last.xPx, widthPx: endPx - last.xPx };
}
