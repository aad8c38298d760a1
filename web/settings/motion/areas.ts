import type { CameraSettings } from '../../../src/http/api/settings.ts';

/** In parts of the picture: 0 is its left or top edge, 1 its right or bottom edge. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** A mask or a zone while it is drawn. */
export interface Area {
  /** Tells it from the others for as long as they are drawn. */
  readonly id: number;
  readonly kind: 'mask' | 'zone';
  /** Of a zone; a mask has none. */
  readonly name: string;
  /** Of a zone that has one of its own. */
  readonly sensitivity: number | undefined;
  /** At least `LEAST_CORNERS`. */
  readonly corners: readonly Corner[];
  /** The name that it has in the file; undefined for one that is new there. */
  readonly savedName: string | undefined;
}

export const LEAST_CORNERS = 3;
/** A thousandth of a picture is less than a pixel of the analysed one. */
const STEPS = 1_000;

type MotionSettings = CameraSettings['motion'];

/** As they are in the file. */
export function areasOf({ masks, zones, sensitivity }: MotionSettings): readonly Area[] {
  return [
    ...masks.map((corners) => ({ kind: 'mask' as const, name: '', sensitivity: undefined, corners })),
    ...zones.map((zone) => ({
      kind: 'zone' as const,
      name: zone.name,
      sensitivity: zone.sensitivity === sensitivity ? undefined : zone.sensitivity,
      corners: zone.polygon,
      savedName: zone.name,
    })),
  ].map((area, id) => ({ savedName: undefined, ...area, id }));
}

/** A rectangle in the middle of the picture, to be drawn into shape; the next ones a little beside it, so that each is seen. */
export function withNewArea(areas: readonly Area[], kind: Area['kind'], name: string): readonly Area[] {
  const shift = 0.05 * (areas.length % 6);
  const [near, far] = [0.35 + shift, 0.65 + shift];
  const corners = [
    { x: near, y: near },
    { x: far, y: near },
    { x: far, y: far },
    { x: near, y: far },
  ].map(within);
  const id = 1 + Math.max(-1, ...areas.map((area) => area.id));
  return [...areas, { id, kind, name, sensitivity: undefined, corners, savedName: undefined }];
}

/** A name that no zone has yet: `zone 2`. */
export function freeName(areas: readonly Area[], word: string): string {
  const names = new Set(areas.map(({ name }) => name.toLowerCase()));
  let number = 1;
  while (names.has(`${word} ${number}`.toLowerCase())) number++;
  return `${word} ${number}`;
}

export function withChanged(
  areas: readonly Area[],
  id: number,
  change: (area: Area) => Area,
): readonly Area[] {
  return areas.map((area) => (area.id === id ? change(area) : area));
}

export function withoutArea(areas: readonly Area[], id: number): readonly Area[] {
  return areas.filter((area) => area.id !== id);
}

/** Not beyond the picture's edges. */
export function movedCorner(area: Area, at: number, to: Corner): Area {
  return {
    ...area,
    corners: area.corners.map((corner, index) => (index === at ? within(to) : corner)),
  };
}

/** With a corner behind corner `at`, in the middle of that edge where no other place is said. */
export function withCorner(area: Area, at: number, place = edgeMiddle(area, at)): Area {
  return { ...area, corners: area.corners.toSpliced(at + 1, 0, within(place)) };
}

/** The same where it would have too few then. */
export function withoutCorner(area: Area, at: number): Area {
  if (area.corners.length <= LEAST_CORNERS) return area;
  return { ...area, corners: area.corners.toSpliced(at, 1) };
}

/** As a whole, as far as the picture goes. */
export function movedArea(area: Area, by: Corner): Area {
  const x = bounded(
    by.x,
    area.corners.map((corner) => corner.x),
  );
  const y = bounded(
    by.y,
    area.corners.map((corner) => corner.y),
  );
  return { ...area, corners: area.corners.map((corner) => within({ x: corner.x + x, y: corner.y + y })) };
}

export function edgeMiddle({ corners }: Area, at: number): Corner {
  const from = corners[at] ?? { x: 0, y: 0 };
  const to = corners[(at + 1) % corners.length] ?? from;
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

/** Twice the area that it encloses, as a share of the picture; 0 where all corners are in one line. */
export function enclosed({ corners }: Area): number {
  const sum = corners.reduce((total, from, at) => {
    const to = corners[(at + 1) % corners.length] ?? from;
    return total + from.x * to.y - to.x * from.y;
  }, 0);
  return Math.abs(sum);
}

/** So far that each of `places` stays within 0..1. */
function bounded(by: number, places: readonly number[]): number {
  return Math.min(1 - Math.max(...places), Math.max(-Math.min(...places), by));
}

function within({ x, y }: Corner): Corner {
  return { x: inSteps(x), y: inSteps(y) };
}

function inSteps(part: number): number {
  return Math.round(Math.min(1, Math.max(0, part)) * STEPS) / STEPS;
}
