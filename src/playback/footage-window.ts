import { wallMs, type WallMs } from '../base/time.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import type { GapRecord, SegmentRecord } from '../db/records.ts';
import type { Span } from './cut.ts';

/** What is recorded in a span, or in the beginning of it. */
export interface FootageWindow {
  /** What the answer is about: as asked, but it may end earlier, so that answers stay small. Ask on from there. */
  readonly span: Span;
  /** Whatever overlaps it, in the order of their start; whole. */
  readonly segments: readonly SegmentRecord[];
  readonly gaps: readonly GapRecord[];
  /** Where footage before the span ends, and where footage after it begins; undefined without any. */
  readonly previousWallMs: WallMs | undefined;
  readonly nextWallMs: WallMs | undefined;
}

export type FootageWindowIndex = Pick<IndexQueries, 'segments' | 'gaps' | 'timeline'>;

export interface FootageWindowQuery {
  readonly camera: string;
  readonly span: Span;
  /** Footage after it is not looked for. */
  readonly nowWallMs: WallMs;
}

/** Looked at for an answer: the segments of a day are some megabytes, those of years would be gigabytes. */
const LONGEST_MS = 86_400_000;
/** An hour of a camera with a key picture every two seconds. */
const MAX_FRAGMENTS = 1_800;
/** How far from the span footage is looked for: near first, since a timeline of everything is large. */
const REACHES_MS = [3_600_000, 86_400_000, 30 * 86_400_000, Number.POSITIVE_INFINITY];

/** @throws IndexError */
export async function findFootageWindow(
  index: FootageWindowIndex,
  { camera, span: asked, nowWallMs }: FootageWindowQuery,
): Promise<FootageWindow> {
  const cameras = [camera];
  const span = {
    fromWallMs: asked.fromWallMs,
    toWallMs: wallMs(Math.min(asked.toWallMs, asked.fromWallMs + LONGEST_MS)),
  };
  const all = (await index.segments({ cameras, ...span })).toSorted((a, b) => a.startWallMs - b.startWallMs);
  const segments = firstOf(all);
  const left = all[segments.length];
  const toWallMs =
    left === undefined ? span.toWallMs : wallMs(Math.max(left.startWallMs, span.fromWallMs + 1));
  const answered = { fromWallMs: span.fromWallMs, toWallMs };
  return {
    span: answered,
    segments,
    gaps: await index.gaps({ cameras, ...answered }),
    previousWallMs: await lastBefore(index, cameras, span.fromWallMs),
    nextWallMs: await firstAfter(index, cameras, toWallMs, nowWallMs),
  };
}

/** As many as an answer holds, one at least. */
function firstOf(segments: readonly SegmentRecord[]): readonly SegmentRecord[] {
  let fragments = 0;
  const last = segments.findIndex((segment) => (fragments += segment.fragments.length) > MAX_FRAGMENTS);
  return last < 0 ? segments : segments.slice(0, Math.max(1, last));
}

async function lastBefore(
  index: FootageWindowIndex,
  cameras: readonly string[],
  toWallMs: WallMs,
): Promise<WallMs | undefined> {
  for (const reachMs of REACHES_MS) {
    const fromWallMs = wallMs(Math.max(0, toWallMs - reachMs));
    const [timeline] = await index.timeline({ cameras, fromWallMs, toWallMs });
    const last = timeline?.recorded.at(-1);
    if (last !== undefined) return wallMs(Math.min(last.endWallMs, toWallMs));
    if (fromWallMs === 0) break;
  }
  return undefined;
}

async function firstAfter(
  index: FootageWindowIndex,
  cameras: readonly string[],
  fromWallMs: WallMs,
  nowWallMs: WallMs,
): Promise<WallMs | undefined> {
  for (const reachMs of REACHES_MS) {
    const toWallMs = wallMs(Math.min(nowWallMs, fromWallMs + reachMs));
    if (toWallMs <= fromWallMs) return undefined;
    const [timeline] = await index.timeline({ cameras, fromWallMs, toWallMs });
    const first = timeline?.recorded[0];
    if (first !== undefined) return wallMs(Math.max(first.startWallMs, fromWallMs));
    if (toWallMs === nowWallMs) break;
  }
  return undefined;
}
