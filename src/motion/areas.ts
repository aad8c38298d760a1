/** A corner of a polygon in fractions of the picture: 0 is its left or top edge, 1 its right or bottom edge. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** At least three corners, in either direction; the last is joined to the first. */
export type Polygon = readonly Corner[];

/** A part of the picture with a name. */
export interface ZoneSettings {
  readonly name: string;
  readonly polygon: Polygon;
  /** How many times a changed pixel in the zone counts; where zones overlap the greatest weight holds, outside all 1. */
  readonly weight: number;
}

/** Which parts of the picture a detector looks at. */
export interface AreaSettings {
  /** What changes inside of any of these never counts. */
  readonly masks: readonly Polygon[];
  readonly zones: readonly ZoneSettings[];
}

/** The whole picture alike. */
export const WHOLE_PICTURE: AreaSettings = { masks: [], zones: [] };
