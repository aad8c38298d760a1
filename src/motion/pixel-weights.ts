import type { BitMask } from './bit-mask.ts';
import type { WatchedAreas, WeightedPart } from './watched-areas.ts';

/** A mask whose marked pixels can be counted. */
export interface CountedMask {
  count(): number;
  /** Those that `mask`, of the same size, marks as well. */
  countWithin(mask: BitMask): number;
}

export interface WeightedZone {
  readonly name: string;
  /** The zone's watched pixels, none of them twice. */
  readonly parts: readonly WeightedPart[];
}

/** How often marked pixels count, in the picture and in each of its zones. */
export class PixelWeights {
  /** As `WatchedAreas.parts`: empty when every pixel counts once. */
  readonly parts: readonly WeightedPart[];
  readonly zones: readonly WeightedZone[];

  constructor({ parts, zones }: WatchedAreas) {
    this.parts = parts;
    this.zones = zones.map(({ name, mask }) => ({ name, parts: partsWithin(mask, parts) }));
  }

  ofPicture(mask: CountedMask): number {
    return this.parts.length === 0 ? mask.count() : weigh(mask, this.parts);
  }

  ofZone(mask: CountedMask, { parts }: WeightedZone): number {
    return weigh(mask, parts);
  }
}

function weigh(mask: CountedMask, parts: readonly WeightedPart[]): number {
  return parts.reduce((sum, part) => sum + part.weight * mask.countWithin(part.mask), 0);
}

function partsWithin(zone: BitMask, parts: readonly WeightedPart[]): readonly WeightedPart[] {
  if (parts.length === 0) return [{ mask: zone, weight: 1 }];
  return parts
    .map((part) => {
      const mask = part.mask.copy();
      mask.keep(zone);
      return { mask, weight: part.weight };
    })
    .filter(({ mask }) => mask.count() > 0);
}
