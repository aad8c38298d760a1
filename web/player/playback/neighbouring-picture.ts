import { SHORTEST_GAP_MS, type FootageMap } from './footage-map.ts';
import type { PlaybackGap } from './player.ts';
import type { Stills } from './stills.ts';

interface Step {
  readonly wallMs: number;
  /** When the picture was recorded that is shown there, which is the one to go back from. */
  readonly shownMs: number;
  readonly direction: 1 | -1;
}

/**
 * When the next picture was recorded, or the one before; at the edge of a gap, the moment behind it.
 * @returns undefined without any. @throws FootageError; the signal's reason.
 */
export async function neighbouringPicture(
  map: FootageMap,
  stills: Stills,
  { wallMs, shownMs, direction }: Step,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = await map.find(wallMs, signal);
  if (found.kind === 'gap') return edgeOf(found.gap, direction);
  const isBeyond = (atMs: number) =>
    direction > 0 ? Math.floor(atMs) > wallMs : Math.floor(atMs) < Math.floor(shownMs);
  for (let place = found.place; ;) {
    const times = (await stills.times(place, signal)).filter(isBeyond);
    const nearest = direction > 0 ? times[0] : times.at(-1);
    if (nearest !== undefined) return nearest;
    const edgeMs = direction > 0 ? place.endMs + SHORTEST_GAP_MS : place.startMs - 1;
    const edge = await map.find(edgeMs, signal);
    if (edge.kind === 'gap') return edgeOf(edge.gap, direction);
    const next = direction > 0 ? map.after(place) : map.before(place);
    if (next === undefined) return undefined;
    place = next;
  }
}

/** Where there is footage again. */
function edgeOf({ fromMs, toMs }: PlaybackGap, direction: 1 | -1): number | undefined {
  if (direction > 0) return Number.isFinite(toMs) ? toMs : undefined;
  return fromMs > 0 ? fromMs - 1 : undefined;
}
