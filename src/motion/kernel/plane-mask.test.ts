import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contoursGolden, manyContoursGolden, readGoldens } from '../../../test/goldens/goldens.ts';
import { renderMask } from '../../../test/goldens/scene.ts';
import { BitMask } from '../bit-mask.ts';
import { ContouredMask } from '../contoured-mask.ts';
import { findContours, type Contour } from '../contours.ts';
import type { MeasuredMask } from '../decision.ts';
import { Kernel } from './kernel.ts';
import { anyMask, draw } from './testing/any-mask.ts';
import { MaskPlanes } from './testing/mask-planes.ts';
import { KERNEL_FILE } from './testing/kernel-file.ts';

const kernel = Kernel.load(KERNEL_FILE);

function contoursOf(mask: BitMask): readonly Contour[] {
  using planes = new MaskPlanes(kernel, mask);
  return planes.mask.contours();
}

function pointPairs({ points }: Contour): [number, number][] {
  return Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i] ?? -1, points[2 * i + 1] ?? -1]);
}

function measuresOf(mask: MeasuredMask, other: BitMask) {
  return {
    count: mask.count(),
    within: mask.countWithin(other),
    boxes: mask.boxes(),
    largestBoxPx: mask.largestBoxPx(),
    contourAreaPx: mask.contourAreaPx(),
  };
}

describe('PlaneMask', () => {
  it('measures what the plain mask measures, at every density', () => {
    fc.assert(
      fc.property(anyMask, fc.nat(), (mask, seed) => {
        const { widthPx, heightPx } = mask;
        const other = BitMask.fromBytes(widthPx, heightPx, renderMask(widthPx, heightPx, seed, 500));
        using planes = new MaskPlanes(kernel, mask);
        expect(measuresOf(planes.mask, other)).toEqual(measuresOf(new ContouredMask(mask), other));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same again', () => {
    using planes = new MaskPlanes(kernel, draw('#.#', '...', '###'));
    expect(planes.mask.contours()).toEqual(planes.mask.contours());
  });
});

describe('the contours of PlaneMask', () => {
  it('equal OpenCV to the point on thousands of generated masks', () => {
    expect(manyContoursGolden(contoursOf)).toBe(readGoldens().manyContours);
  });

  it('equal OpenCV on dilated and eroded masks', () => {
    for (const golden of readGoldens().masks) {
      const { widthPx, heightPx, seed, permille, dilateIterations, erodeIterations } = golden;
      const mask = BitMask.fromBytes(widthPx, heightPx, renderMask(widthPx, heightPx, seed, permille));
      using planes = new MaskPlanes(kernel, mask);
      kernel.run.dilate(planes.address, dilateIterations);
      kernel.run.erode(planes.address, erodeIterations);
      expect(golden).toMatchObject(contoursGolden(planes.mask.contours()));
    }
  });

  it('equal the plain ones at every density', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        expect(contoursOf(mask)).toEqual(findContours(mask));
      }),
      { numRuns: 500 },
    );
  });

  it('turn counter-clockwise from the first pixel', () => {
    const [contour] = contoursOf(draw('.....', '.###.', '.###.', '.....'));
    expect(contour?.box).toEqual({ x: 1, y: 1, width: 3, height: 2 });
    expect(contour?.areaPx).toBe(2);
    expect([...(contour?.points ?? [])]).toEqual([1, 1, 1, 2, 3, 2, 3, 1]);
  });

  it('have a lone pixel as a point without area', () => {
    const contours = contoursOf(draw('...', '..#'));
    expect(contours).toEqual([
      { box: { x: 2, y: 1, width: 1, height: 1 }, areaPx: 0, points: Uint16Array.of(2, 1) },
    ]);
  });

  it('turn at both ends of a thin region', () => {
    const [contour] = contoursOf(draw('####'));
    expect([...(contour?.points ?? [])]).toEqual([0, 0, 3, 0]);
    expect(contour?.areaPx).toBe(0);
  });

  it('leave out holes and what lies in them', () => {
    const contours = contoursOf(draw('#####', '#...#', '#.#.#', '#...#', '#####'));
    expect(contours).toHaveLength(1);
    expect(contours[0]?.areaPx).toBe(16);
    expect([...(contours[0]?.points ?? [])]).toEqual([0, 0, 0, 4, 4, 4, 4, 0]);
  });

  it('go straight from marked pixel to marked pixel, around their area', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        const bytes = mask.toBytes();
        for (const contour of contoursOf(mask)) {
          const pairs = pointPairs(contour);
          const steps = pairs.map(([x, y], i) => {
            const [fromX, fromY] = pairs.at(i - 1) ?? [x, y];
            const [across, down] = [Math.abs(x - fromX), Math.abs(y - fromY)];
            return { isStraight: across * down * (across - down) === 0, area: fromX * y - x * fromY };
          });
          expect(pairs.every(([x, y]) => bytes[y * mask.widthPx + x] === 255)).toBe(true);
          expect(steps.every(({ isStraight }) => isStraight)).toBe(true);
          expect(contour.areaPx).toBe(Math.abs(steps.reduce((sum, { area }) => sum + area, 0)) / 2);
          expect(contour.box).toEqual(boundingBox(pairs));
        }
      }),
      { numRuns: 200 },
    );
  });
});

function boundingBox(pairs: readonly (readonly [number, number])[]) {
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}
