import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMask } from '../bit-mask.ts';
import { findContours } from '../contours.ts';
import { anyMask, draw } from '../kernel/testing/any-mask.ts';
import { connectedRegions } from './connected-regions.ts';

describe('connectedRegions', () => {
  it('joins what touches along edges and corners', () => {
    const regions = connectedRegions(draw('##...#', '..#...', '.....#', '.....#'));
    expect(regions.map((region) => [region.box, region.count()])).toEqual([
      [{ x: 0, y: 0, width: 3, height: 2 }, 3],
      [{ x: 5, y: 0, width: 1, height: 1 }, 1],
      [{ x: 5, y: 2, width: 1, height: 2 }, 2],
    ]);
  });

  it('joins what meets only further down', () => {
    const [region, ...others] = connectedRegions(draw('#.#.#', '#.#.#', '#####'));
    expect(others).toEqual([]);
    expect(region?.box).toEqual({ x: 0, y: 0, width: 5, height: 3 });
    expect(region?.count()).toBe(11);
  });

  it('tells what lies in a hole apart', () => {
    const regions = connectedRegions(draw('#####', '#...#', '#.#.#', '#...#', '#####'));
    expect(regions.map((region) => region.count())).toEqual([16, 1]);
  });

  it('counts only within another mask', () => {
    const [region] = connectedRegions(draw('####', '####'));
    expect(region?.countWithin(draw('.##.', '...#'))).toBe(3);
  });

  it('divides a mask into its regions, whatever it is', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        const regions = connectedRegions(mask);
        const union = new BitMask(mask.widthPx, mask.heightPx);
        for (const region of regions) region.markOn(union);
        expect(union).toEqual(mask);
        expect(regions.reduce((sum, region) => sum + region.count(), 0)).toBe(mask.count());
        for (const region of regions) expect(region.countWithin(mask)).toBe(region.count());
        const boxes = new Set(regions.map(({ box }) => JSON.stringify(box)));
        for (const { box } of findContours(mask)) expect(boxes).toContain(JSON.stringify(box));
      }),
    );
  });
});
