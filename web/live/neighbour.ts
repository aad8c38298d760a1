import type { TileBox } from './fit-tiles.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The camera beside another one: the one before or after it, or the one that lies most nearly above or below. */
export function neighbour(
  cameras: readonly string[],
  boxes: readonly TileBox[],
  camera: string,
  direction: Direction,
): string | undefined {
  const at = cameras.indexOf(camera);
  if (direction === 'left') return cameras[at - 1];
  if (direction === 'right') return cameras[at + 1];
  const own = boxes[at];
  if (own === undefined) return undefined;
  const sign = direction === 'up' ? -1 : 1;
  const distances = boxes.map((box) => {
    const downPx = (middle(box).y - middle(own).y) * sign;
    return downPx < own.heightPx / 4 ? Infinity : downPx * 4 + Math.abs(middle(box).x - middle(own).x);
  });
  const least = Math.min(...distances);
  return least === Infinity ? undefined : cameras[distances.indexOf(least)];
}

function middle({ leftPx, topPx, widthPx, heightPx }: TileBox): { readonly x: number; readonly y: number } {
  return { x: leftPx + widthPx / 2, y: topPx + heightPx / 2 };
}
