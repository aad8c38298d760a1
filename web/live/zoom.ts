/** What part of a picture is shown: so many times larger, its centre moved by parts of the box it is shown in. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const NO_ZOOM: Zoom = { scale: 1, x: 0, y: 0 };

const MOST = 12;
/** A wheel's step of 100 pixels is so many times larger. */
const WHEEL_FACTOR = 1.35;

/**
 * Makes it larger or smaller and keeps what is at a point where it is.
 * @param at in parts of the box from its centre, -0.5..0.5.
 */
export function zoomAt(zoom: Zoom, factor: number, at: { readonly x: number; readonly y: number }): Zoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale * factor));
  const grown = scale / zoom.scale;
  return within({ scale, x: at.x - (at.x - zoom.x) * grown, y: at.y - (at.y - zoom.y) * grown });
}

/** @param byX, byY in parts of the box. */
export function moveZoom(zoom: Zoom, byX: number, byY: number): Zoom {
  return within({ ...zoom, x: zoom.x + byX, y: zoom.y + byY });
}

export function wheelFactor(deltaY: number): number {
  return WHEEL_FACTOR ** (-Math.max(-300, Math.min(300, deltaY)) / 100);
}

/** A finger that went less far, or not mainly sideways, has not swiped. */
const SWIPE_PX = 60;

/** @returns undefined for what is no swipe. */
export function swipeOf(byXPx: number, byYPx: number): 'previous' | 'next' | undefined {
  if (Math.abs(byXPx) < SWIPE_PX || Math.abs(byXPx) < 2 * Math.abs(byYPx)) return undefined;
  return byXPx < 0 ? 'next' : 'previous';
}

/** Never shows what is beyond the picture. */
function within({ scale, x, y }: Zoom): Zoom {
  const most = (scale - 1) / 2;
  const bound = (value: number): number => Math.min(most, Math.max(-most, value)) + 0;
  return { scale, x: bound(x), y: bound(y) };
}
