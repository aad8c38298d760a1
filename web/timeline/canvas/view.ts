/** Which stretch of time a timeline shows. */
export interface View {
  /** At the left edge; not whole while it moves. */
  readonly fromMs: number;
  readonly msPerPx: number;
  readonly widthPx: number;
}

/** What zooming ends at: a few seconds, and two months. */
export const SHORTEST_MS = 4_000;
export const LONGEST_MS = 62 * 86_400_000;

export function spanMs({ msPerPx, widthPx }: View): number {
  return msPerPx * widthPx;
}

export function toMs(view: View): number {
  return view.fromMs + spanMs(view);
}

export function timeAt({ fromMs, msPerPx }: View, xPx: number): number {
  return fromMs + xPx * msPerPx;
}

export function xOf({ fromMs, msPerPx }: View, ms: number): number {
  return (ms - fromMs) / msPerPx;
}

/** Shows so much time with this moment at a place. @param place 0 is the left edge, 1 the right one. */
export function showing(widthPx: number, spanOfMs: number, atMs: number, place = 0.5): View {
  const shown = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, spanOfMs));
  const msPerPx = shown / Math.max(1, widthPx);
  return { fromMs: atMs - shown * place, msPerPx, widthPx: Math.max(1, widthPx) };
}

/** @param factor of the time shown: below 1 is closer. What is at `xPx` stays there. */
export function zoomed(view: View, factor: number, xPx: number): View {
  const shown = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, spanMs(view) * factor));
  const msPerPx = shown / view.widthPx;
  return { ...view, msPerPx, fromMs: timeAt(view, xPx) - xPx * msPerPx };
}

/** @param deltaPx to the right: earlier times come into sight. */
export function panned(view: View, deltaPx: number): View {
  return { ...view, fromMs: view.fromMs - deltaPx * view.msPerPx };
}

/** The same time in another width. */
export function resized(view: View, widthPx: number): View {
  return showing(widthPx, spanMs(view), view.fromMs, 0);
}

/** How much of the future is in sight at most, as a part of the view, so that the live edge has room beside it. */
const FUTURE_PART = 0.25;

/** Not beyond the present, nor before what anybody could have recorded. */
export function bounded(view: View, nowMs: number): View {
  const latestMs = nowMs + spanMs(view) * FUTURE_PART - spanMs(view);
  return { ...view, fromMs: Math.max(0, Math.min(view.fromMs, latestMs)) };
}

/** The view moved so that a moment that goes on stays at `place` at the most. */
export function following(view: View, ms: number, place = 0.8): View {
  const xPx = xOf(view, ms);
  if (xPx >= 0 && xPx <= view.widthPx * place) return view;
  const atPx = xPx < 0 ? view.widthPx * (1 - place) : view.widthPx * place;
  return { ...view, fromMs: ms - atPx * view.msPerPx };
}
