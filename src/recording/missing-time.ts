import type { Span } from '../db/archive-index.ts';
import type { GapCause } from '../db/records.ts';
import { LONGEST_PAUSE_MS } from '../db/recorded-spans.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import { describeGapDetail } from './gap-detail.ts';

/** Why nothing is recorded. */
export interface Reason {
  readonly cause: GapCause;
  /** For people. */
  readonly detail: string;
}

/** From a moment on until the next phase begins, this is why nothing is recorded; undefined where it should be. */
export interface Phase {
  readonly fromWallMs: WallMs;
  readonly reason: Reason | undefined;
}

/** A span in which packets went missing, and how. */
export interface Trouble extends Span {
  readonly detail: string;
}

export interface MissingSpan extends Span, Reason {}

export interface KnownTime extends Span {
  /** In order of time; the first one begins at or before the span. */
  readonly phases: readonly Phase[];
  /** In order of time, without overlaps. */
  readonly recorded: readonly Span[];
  readonly troubles: readonly Trouble[];
}

/** How long before a hole the trouble may lie that made it: a picture's packets come a little before it is shown. */
const TROUBLE_BEFORE_MS = 500;
/** How long after: what is lost is missed when something comes again. */
const TROUBLE_AFTER_MS = 2_000;

/**
 * What of a span is not recorded, each moment with one cause; nothing overlaps, and with `recorded` it covers the span
 * to the millisecond. Where recording was expected and did not happen, the cause is the one that ended it, else the one
 * that came before it, else it is a hole in the stream. A hole of a second is a pause between pictures, and none.
 */
export function missingTime(known: KnownTime): readonly MissingSpan[] {
  return unrecorded(known).flatMap((piece) => joined(explain(piece, known)));
}

function unrecorded({ recorded, startWallMs, endWallMs }: KnownTime): readonly Span[] {
  const pieces: Span[] = [];
  let atWallMs = startWallMs;
  for (const span of recorded) {
    if (span.startWallMs > atWallMs) {
      pieces.push({ startWallMs: atWallMs, endWallMs: earlier(span.startWallMs, endWallMs) });
    }
    atWallMs = later(atWallMs, span.endWallMs);
  }
  pieces.push({ startWallMs: atWallMs, endWallMs });
  return pieces.filter((piece) => piece.endWallMs > piece.startWallMs);
}

function explain(piece: Span, known: KnownTime): readonly MissingSpan[] {
  const parts = known.phases.flatMap(({ fromWallMs, reason }, index) => {
    const part = {
      startWallMs: later(piece.startWallMs, fromWallMs),
      endWallMs: earlier(piece.endWallMs, known.phases[index + 1]?.fromWallMs ?? piece.endWallMs),
      reason,
    };
    return part.endWallMs > part.startWallMs ? [part] : [];
  });
  // What lasts is explained by what has come about since, too: silence is noticed late.
  const lasts = piece.endWallMs === known.endWallMs;
  const since = lasts ? known.phases.filter((phase) => phase.fromWallMs >= piece.endWallMs) : [];
  return parts.flatMap(({ reason: own, ...part }, index) => {
    const reason =
      own ??
      [...parts.slice(index), ...since].find((other) => other.reason !== undefined)?.reason ??
      parts.slice(0, index).findLast((other) => other.reason !== undefined)?.reason ??
      reasonOfHole(piece, known);
    return reason === undefined ? [] : [{ ...part, ...reason }];
  });
}

function reasonOfHole(hole: Span, { troubles, recorded, endWallMs }: KnownTime): Reason | undefined {
  const isOver = hole.endWallMs < endWallMs;
  const isBetweenPictures = isOver && recorded.some((span) => span.endWallMs === hole.startWallMs);
  if (isBetweenPictures && hole.endWallMs - hole.startWallMs <= LONGEST_PAUSE_MS) return undefined;
  const trouble = troubles.find(
    (one) =>
      one.startWallMs - TROUBLE_AFTER_MS < hole.endWallMs &&
      one.endWallMs + TROUBLE_BEFORE_MS > hole.startWallMs,
  );
  if (trouble !== undefined) return { cause: 'camera', detail: trouble.detail };
  if (isOver) return { cause: 'stalled', detail: describeGapDetail({ kind: 'no-picture' }) };
  return { cause: 'disk', detail: describeGapDetail({ kind: 'unconfirmed' }) };
}

/** Neighbours of the same reason as one. */
function joined(spans: readonly MissingSpan[]): readonly MissingSpan[] {
  const result: MissingSpan[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last !== undefined && last.cause === span.cause && last.detail === span.detail) {
      result[result.length - 1] = { ...last, endWallMs: span.endWallMs };
    } else result.push(span);
  }
  return result;
}

function earlier(a: WallMs, b: WallMs): WallMs {
  return wallMs(Math.min(a, b));
}

function later(a: WallMs, b: WallMs): WallMs {
  return wallMs(Math.max(a, b));
}
