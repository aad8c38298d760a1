/** A span of time that is marked, to be exported. */
export interface Selection {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How much of what is in sight a span takes that was just marked, so that its ends can be taken hold of. */
const PART_IN_SIGHT = 0.2;
const SHORTEST_MS = 1_000;

export interface Sight {
  /** How much time is in sight. */
  readonly spanMs: number;
  /** Nothing is marked that is still to come. */
  readonly presentMs: number;
}

/** A span around a moment. */
export function selectionAround(atMs: number, sight: Sight): Selection {
  const lengthMs = usualLengthMs(sight);
  const toMs = Math.min(atMs + lengthMs / 2, sight.presentMs);
  return wholeSeconds(toMs - lengthMs, toMs);
}

/**
 * One end of a span is put to a moment, or to the present where that is still to come. The other one stays, unless it lies on the
 * wrong side of it then, or there is none yet.
 */
export function selectionWith(
  before: Selection | undefined,
  end: 'from' | 'to',
  atMs: number,
  sight: Sight,
): Selection {
  const lengthMs = usualLengthMs(sight);
  const { presentMs } = sight;
  if (end === 'from') {
    const fromMs = Math.min(atMs, presentMs - SHORTEST_MS);
    if (isInOrder(before, end, fromMs)) return { ...before, fromMs };
    return { fromMs, toMs: Math.min(fromMs + lengthMs, presentMs) };
  }
  const toMs = Math.min(atMs, presentMs);
  if (isInOrder(before, end, toMs)) return { ...before, toMs };
  return { fromMs: toMs - lengthMs, toMs };
}

/** Whether an end of a span can be put to a moment without moving the other one. */
export function isInOrder(span: Selection | undefined, end: 'from' | 'to', atMs: number): span is Selection {
  return span !== undefined && (end === 'from' ? atMs < span.toMs : atMs > span.fromMs);
}

function usualLengthMs({ spanMs }: Sight): number {
  return Math.max(SHORTEST_MS, spanMs * PART_IN_SIGHT);
}

/** As they are written. */
function wholeSeconds(fromMs: number, toMs: number): Selection {
  return { fromMs: Math.floor(fromMs / 1_000) * 1_000, toMs: Math.floor(toMs / 1_000) * 1_000 };
}
