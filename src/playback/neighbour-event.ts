import { wallMs, type WallMs } from '../base/time.ts';
import type { IndexQueries, TimelineEvent } from '../db/archive-index.ts';

export interface NeighbourQuery {
  readonly cameras: readonly string[];
  readonly atWallMs: WallMs;
  readonly direction: 'next' | 'previous';
  /** No event is looked for after it. */
  readonly nowWallMs: WallMs;
}

export interface NeighbourEvent {
  readonly camera: string;
  readonly event: TimelineEvent;
}

/** How far events are looked for: near first, since a timeline of everything is large. */
const REACHES_MS = [3_600_000, 86_400_000, 30 * 86_400_000, Number.POSITIVE_INFINITY];

/**
 * The event of any of the cameras whose trigger follows a moment, or precedes it; undefined where there is none.
 * @throws IndexError
 */
export async function neighbourEvent(
  index: Pick<IndexQueries, 'timeline'>,
  { cameras, atWallMs, direction, nowWallMs }: NeighbourQuery,
): Promise<NeighbourEvent | undefined> {
  const sign = direction === 'next' ? 1 : -1;
  for (const reachMs of REACHES_MS) {
    const edge = Math.min(nowWallMs + 1, Math.max(0, atWallMs + sign * reachMs));
    const fromWallMs = wallMs(Math.min(atWallMs, edge));
    const toWallMs = wallMs(Math.max(atWallMs, edge));
    const timelines = await index.timeline({ cameras, fromWallMs, toWallMs });
    const [nearest] = timelines
      .flatMap(({ camera, events }) => events.map((event) => ({ camera, event })))
      // An event that overlaps the span may have its trigger outside.
      .filter(({ event }) => sign * (event.triggerWallMs - atWallMs) > 0)
      .toSorted((a, b) => sign * (a.event.triggerWallMs - b.event.triggerWallMs));
    if (nearest !== undefined) return nearest;
    if (edge === 0 || edge === nowWallMs + 1) return undefined;
  }
  return undefined;
}
