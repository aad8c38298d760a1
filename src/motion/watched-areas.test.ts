import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WHOLE_PICTURE, type Polygon } from './areas.ts';
import { BitMask } from './bit-mask.ts';
import { polygonMask } from './polygon-mask.ts';
import { WatchedAreas } from './watched-areas.ts';

function box(left: number, top: number, right: number, bottom: number): Polygon {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

const anyFraction = fc.double({ min: 0, max: 1, noNaN: true });
const anyPolygon = fc.array(fc.record({ x: anyFraction, y: anyFraction }), { minLength: 3, maxLength: 6 });
const anyAreas = fc.record({
  masks: fc.array(anyPolygon, { maxLength: 3 }),
  zones: fc.array(
    fc.record({ name: fc.string(), polygon: anyPolygon, weight: fc.constantFrom(0.25, 0.5, 1, 2, 8) }),
    { maxLength: 4 },
  ),
});

describe('WatchedAreas', () => {
  it('asks for nothing where the whole picture counts alike', () => {
    expect(new WatchedAreas(WHOLE_PICTURE, 10, 5)).toEqual({ watched: undefined, parts: [], zones: [] });
    const zones = [{ name: 'door', polygon: box(0, 0, 0.5, 1), weight: 1 }];
    const areas = new WatchedAreas({ masks: [], zones }, 10, 5);
    expect(areas).toMatchObject({ watched: undefined, parts: [] });
    expect(areas.zones).toEqual([{ name: 'door', mask: polygonMask(box(0, 0, 0.5, 1), 10, 5) }]);
  });

  it('takes masks out of the watched pixels and out of the zones', () => {
    const zones = [{ name: 'door', polygon: box(0, 0, 1, 0.5), weight: 2 }];
    const areas = new WatchedAreas({ masks: [box(0, 0, 0.5, 1)], zones }, 10, 4);
    expect(areas.watched).toEqual(polygonMask(box(0.5, 0, 1, 1), 10, 4));
    expect(areas.zones).toEqual([{ name: 'door', mask: polygonMask(box(0.5, 0, 1, 0.5), 10, 4) }]);
    expect(areas.parts).toEqual([
      { mask: polygonMask(box(0.5, 0, 1, 0.5), 10, 4), weight: 2 },
      { mask: polygonMask(box(0.5, 0.5, 1, 1), 10, 4), weight: 1 },
    ]);
  });

  it('watches nothing where masks cover everything', () => {
    const zones = [{ name: 'door', polygon: box(0, 0, 1, 1), weight: 2 }];
    const areas = new WatchedAreas({ masks: [box(0, 0, 1, 0.5), box(0, 0.5, 1, 1)], zones }, 10, 4);
    expect(areas.watched).toEqual(new BitMask(10, 4));
    expect(areas.parts).toEqual([]);
    expect(areas.zones).toEqual([{ name: 'door', mask: new BitMask(10, 4) }]);
  });

  it('weighs each watched pixel once: by its heaviest zone, and 1 outside of all zones', () => {
    fc.assert(
      fc.property(
        anyAreas,
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 20 }),
        (areas, w, h) => {
          const isIn = (polygon: Polygon) => polygonMask(polygon, w, h).toBytes();
          const masked = areas.masks.map(isIn);
          const zones = areas.zones.map(({ polygon, weight }) => ({ bytes: isIn(polygon), weight }));
          const made = new WatchedAreas(areas, w, h);
          const parts = made.parts.map(({ mask, weight }) => ({ bytes: mask.toBytes(), weight }));
          const watched = made.watched?.toBytes();
          for (let i = 0; i < w * h; i++) {
            const isWatched = masked.every((bytes) => bytes[i] === 0);
            expect(watched === undefined || watched[i] !== 0).toBe(isWatched);
            const weights = zones.filter(({ bytes }) => bytes[i] !== 0).map(({ weight }) => weight);
            const weight = weights.length === 0 ? 1 : Math.max(...weights);
            const found = parts.filter(({ bytes }) => bytes[i] !== 0).map((part) => part.weight);
            if (made.parts.length === 0) expect(isWatched ? weight : 1).toBe(1);
            else expect(found).toEqual(isWatched ? [weight] : []);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
