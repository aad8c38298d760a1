import type { AreaSettings } from './areas.ts';
import { BitMask } from './bit-mask.ts';
import { polygonMask } from './polygon-mask.ts';

/** The pixels that count alike. */
export interface WeightedPart {
  readonly mask: BitMask;
  /** How many times a changed pixel of the part counts. */
  readonly weight: number;
}

/** The watched pixels of a zone. Zones may overlap. */
export interface WatchedZone {
  readonly name: string;
  readonly mask: BitMask;
}

/** Masks and zones as pixels of a picture of one size. */
export class WatchedAreas {
  /** The pixels outside of all masks; undefined where there are no masks, and everything is looked at. */
  readonly watched: BitMask | undefined;
  /** All watched pixels by weight, none of them twice; empty when they all weigh 1. */
  readonly parts: readonly WeightedPart[];
  /** In the order of the settings. */
  readonly zones: readonly WatchedZone[];

  constructor({ masks, zones }: AreaSettings, widthPx: number, heightPx: number) {
    const watched = new BitMask(widthPx, heightPx);
    watched.invert();
    for (const mask of masks) watched.remove(polygonMask(mask, widthPx, heightPx));
    const weighted = zones.map(({ name, polygon, weight }) => {
      const mask = polygonMask(polygon, widthPx, heightPx);
      mask.keep(watched);
      return { name, mask, weight };
    });
    this.watched = masks.length === 0 ? undefined : watched;
    this.parts = partsOf(watched, weighted);
    this.zones = weighted.map(({ name, mask }) => ({ name, mask }));
  }
}

/** Where zones overlap the greatest weight holds, and outside of all zones 1. */
function partsOf(watched: BitMask, zones: readonly WeightedPart[]): WeightedPart[] {
  const outside = watched.copy();
  for (const { mask } of zones) outside.remove(mask);
  const all = [...zones, { mask: outside, weight: 1 }];
  const rest = watched.copy();
  const parts = [...new Set(all.map(({ weight }) => weight))]
    .toSorted((a, b) => b - a)
    .map((weight) => {
      const mask = new BitMask(watched.widthPx, watched.heightPx);
      for (const zone of all) if (zone.weight === weight) mask.add(zone.mask);
      mask.keep(rest);
      rest.remove(mask);
      return { mask, weight };
    })
    .filter(({ mask }) => mask.count() > 0);
  return parts.every(({ weight }) => weight === 1) ? [] : parts;
}
