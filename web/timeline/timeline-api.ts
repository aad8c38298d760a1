import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { NeighbourAnswer, TimelineAnswer } from '../../src/http/api/timeline.ts';
import { ask } from '../api/client.ts';
import type { TileQuestion } from './canvas/tiles.ts';

function searchOf(numbers: Readonly<Record<string, number | string>>, cameras: readonly string[]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(numbers)) parameters.set(name, String(value));
  for (const camera of cameras) parameters.append('camera', camera);
  return parameters.toString();
}

export async function askTimeline(question: TileQuestion, signal: AbortSignal): Promise<TimelineAnswer> {
  const { fromMs, toMs, resolutionMs, cameras } = question;
  const search = searchOf({ from: fromMs, to: toMs, resolution: resolutionMs }, cameras);
  return await ask<TimelineAnswer>(`api/timeline?${search}`, { signal });
}

/** The event whose trigger follows a moment, or precedes it; null where there is none. */
export async function askNeighbour(
  atMs: number,
  direction: 1 | -1,
  cameras: readonly string[],
): Promise<NeighbourAnswer> {
  const search = searchOf({ at: Math.floor(atMs), direction: direction > 0 ? 'next' : 'previous' }, cameras);
  return await ask<NeighbourAnswer>(`api/timeline/neighbour?${search}`);
}

/** Which cameras have a timeline, and what time it is there. */
export interface Place {
  readonly cameras: readonly string[];
  readonly timeZone: string;
  /** How far the recorder's clock is ahead of this machine's. */
  readonly aheadMs: number;
}

export function usePlace(): UseQueryResult<Place> {
  return useQuery({
    queryKey: ['place'],
    queryFn: async ({ signal }): Promise<Place> => {
      const nowMs = Date.now();
      const search = searchOf({ from: nowMs - 1_000, to: nowMs }, []);
      const answer = await ask<TimelineAnswer>(`api/timeline?${search}`, { signal });
      return {
        cameras: answer.cameras.map(({ camera }) => camera),
        timeZone: answer.timeZone,
        aheadMs: answer.nowMs - Date.now(),
      };
    },
    // Equal answers are the same object, so that a page is not drawn anew; a clock's few ms would spoil that.
    structuralSharing: (before, after) => sharedPlace(before as Place | undefined, after as Place),
  });
}

function sharedPlace(before: Place | undefined, after: Place): Place {
  if (before === undefined) return after;
  const isSame =
    before.cameras.join('\n') === after.cameras.join('\n') &&
    before.timeZone === after.timeZone &&
    Math.abs(before.aheadMs - after.aheadMs) < 2_000;
  return isSame ? before : after;
}
