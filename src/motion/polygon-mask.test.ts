import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Corner, Polygon } from './areas.ts';
import { BitMask } from './bit-mask.ts';
import { polygonMask } from './polygon-mask.ts';

function polygon(...corners: (readonly [number, number])[]): Polygon {
  return corners.map(([x, y]) => ({ x, y }));
}

/** Rows of `#` and `.` of a polygon whose corners are given in pixels, 0 being the picture's left or upper edge. */
function drawn(widthPx: number, heightPx: number, ...corners: (readonly [number, number])[]): string[] {
  const scaled = corners.map(([x, y]) => [x / widthPx, y / heightPx] as const);
  const marks = Array.from(polygonMask(polygon(...scaled), widthPx, heightPx).toBytes(), (byte) =>
    byte === 0 ? '.' : '#',
  ).join('');
  return Array.from({ length: heightPx }, (_, y) => marks.slice(y * widthPx, (y + 1) * widthPx));
}

const anyCorner: fc.Arbitrary<Corner> = fc.record({
  x: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1)),
  y: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1)),
});
const anyPolygon = fc.array(anyCorner, { minLength: 3, maxLength: 9 });
const anySize = fc.record({
  widthPx: fc.integer({ min: 1, max: 100 }),
  heightPx: fc.integer({ min: 1, max: 30 }),
});

/** How often a polygon goes around a point, by the angles at which its corners are seen. */
function turnsAround(corners: Polygon, at: Corner): number {
  const angles = corners.map(({ x, y }) => Math.atan2(y - at.y, x - at.x));
  const turned = angles.reduce((sum, angle, i) => {
    const step = angle - (angles.at(i - 1) ?? 0);
    return sum + step - 2 * Math.PI * Math.round(step / (2 * Math.PI));
  }, 0);
  return Math.round(turned / (2 * Math.PI));
}

function distanceToEdges(corners: Polygon, at: Corner): number {
  return Math.min(
    ...corners.map((from, i) => {
      const to = corners.at(i - 1) ?? from;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const length = dx * dx + dy * dy;
      const along = length === 0 ? 0 : ((at.x - from.x) * dx + (at.y - from.y) * dy) / length;
      const part = Math.min(1, Math.max(0, along));
      return Math.hypot(from.x + part * dx - at.x, from.y + part * dy - at.y);
    }),
  );
}

describe('polygonMask', () => {
  it('marks the pixels whose centres lie inside', () => {
    expect(drawn(6, 4, [1, 1], [5, 1], [5, 3], [1, 3])).toEqual(['......', '.####.', '.####.', '......']);
    expect(drawn(4, 4, [0, 0], [4, 0], [0, 4])).toEqual(['###.', '##..', '#...', '....']);
  });

  it('takes a centre on a left or upper edge in, and one on a right or lower edge not', () => {
    expect(drawn(4, 4, [0.5, 0.5], [2.5, 0.5], [2.5, 2.5], [0.5, 2.5])).toEqual([
      '##..',
      '##..',
      '....',
      '....',
    ]);
  });

  it('marks everything for the corners 0 and 1, whatever the size and the direction', () => {
    const whole = polygon([0, 0], [1, 0], [1, 1], [0, 1]);
    fc.assert(
      fc.property(anySize, fc.boolean(), ({ widthPx, heightPx }, isReversed) => {
        const mask = polygonMask(isReversed ? whole.toReversed() : whole, widthPx, heightPx);
        expect(mask.count()).toBe(widthPx * heightPx);
      }),
    );
  });

  it('leaves out what a self-crossing polygon goes around twice', () => {
    expect(drawn(6, 2, [0, 0], [4, 0], [4, 2], [2, 2], [2, 0], [6, 0], [6, 2], [0, 2])).toEqual([
      '##..##',
      '##..##',
    ]);
    expect(drawn(4, 4, [0, 0], [4, 4], [4, 0], [0, 4])).toEqual(['...#', '#.##', '#.##', '...#']);
  });

  it('marks nothing for a polygon without an area', () => {
    fc.assert(
      fc.property(anySize, anyCorner, anyCorner, ({ widthPx, heightPx }, from, to) => {
        expect(polygonMask([from, to, from], widthPx, heightPx).count()).toBe(0);
        expect(polygonMask([from, to, to, from], widthPx, heightPx).count()).toBe(0);
      }),
    );
    expect(polygonMask([], 4, 4)).toEqual(new BitMask(4, 4));
  });

  it('marks the pixels that the angles to the corners say are inside', () => {
    fc.assert(
      fc.property(anySize, anyPolygon, ({ widthPx, heightPx }, corners) => {
        const bytes = polygonMask(corners, widthPx, heightPx).toBytes();
        for (const [i, byte] of bytes.entries()) {
          const centre = {
            x: ((i % widthPx) + 0.5) / widthPx,
            y: (Math.floor(i / widthPx) + 0.5) / heightPx,
          };
          if (distanceToEdges(corners, centre) < 1e-9) continue;
          expect(byte !== 0).toBe(turnsAround(corners, centre) % 2 !== 0);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives each pixel to one of the polygons that a fan of edges divides the picture into', () => {
    const border = polygon([0, 0], [0.3, 0], [1, 0], [1, 0.6], [1, 1], [0.5, 1], [0, 1], [0, 0.5]);
    fc.assert(
      fc.property(anySize, anyCorner, ({ widthPx, heightPx }, centre) => {
        const together = new BitMask(widthPx, heightPx);
        let pixels = 0;
        for (const [i, corner] of border.entries()) {
          const mask = polygonMask([centre, corner, border.at(i - 1) ?? corner], widthPx, heightPx);
          pixels += mask.count();
          together.add(mask);
        }
        expect(pixels).toBe(widthPx * heightPx);
        expect(together.count()).toBe(pixels);
      }),
    );
  });
});
