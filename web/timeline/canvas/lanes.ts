/** Where a camera is drawn. */
export interface Lane {
  readonly camera: string;
  readonly topPx: number;
  readonly heightPx: number;
}

export const RULER_PX = 40;
const BOTTOM_PX = 6;
const BETWEEN_PX = 4;
const HIGHEST_PX = 72;
const LOWEST_PX = 16;

/** Lanes below the ruler, as high as there is room for. */
export function lanesOf(cameras: readonly string[], heightPx: number): readonly Lane[] {
  const room = heightPx - RULER_PX - BOTTOM_PX - BETWEEN_PX * Math.max(0, cameras.length - 1);
  const each = Math.max(LOWEST_PX, Math.min(HIGHEST_PX, room / Math.max(1, cameras.length)));
  return cameras.map((camera, at) => ({
    camera,
    topPx: Math.round(RULER_PX + at * (each + BETWEEN_PX)),
    heightPx: Math.floor(each),
  }));
}

/** How high a timeline has to be for so many cameras, at most as high as is asked for. */
export function heightFor(cameras: number, atMostPx: number): number {
  const lane = cameras === 1 ? HIGHEST_PX : cameras <= 4 ? 44 : 24;
  return Math.min(atMostPx, RULER_PX + BOTTOM_PX + cameras * lane + BETWEEN_PX * (cameras - 1));
}

export function laneAt(lanes: readonly Lane[], yPx: number): Lane | undefined {
  return lanes.find(
    ({ topPx, heightPx }) => yPx >= topPx - BETWEEN_PX / 2 && yPx < topPx + heightPx + BETWEEN_PX / 2,
  );
}
