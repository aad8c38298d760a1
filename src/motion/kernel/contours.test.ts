import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxesGolden, readGoldens } from '../../../test/goldens/goldens.ts';
import { renderMask } from '../../../test/goldens/scene.ts';
import { BitMask } from '../bit-mask.ts';
import { findRegions } from '../regions.ts';
import { findBoxes, findContours, type Contour } from './contours.ts';
import { Kernel } from './kernel.ts';
import { anyMask, draw } from './testing/any-mask.ts';
import { MaskPlanes } from './testing/mask-planes.ts';

const kernel = Kernel.load();

function contoursOf(mask: BitMask): Contour[] {
  using planes = new MaskPlanes(kernel, mask);
  return findContours(kernel, planes.address);
}

function boxesOf(mask: BitMask) {
  using planes = new MaskPlanes(kernel, mask);
  return findBoxes(kernel, planes.address);
}

function pointPairs({ points }: Contour): [number, number][] {
  return Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i] ?? -1, points[2 * i + 1] ?? -1]);
}

describe('findBoxes', () => {
  it('equals the plain findRegions on masks of every density', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        expect(boxesOf(mask)).toEqual(findRegions(mask));
      }),
      { numRuns: 2_000 },
    );
  });

  it('equals OpenCV on generated masks', () => {
    for (const golden of readGoldens().masks) {
      const { widthPx, heightPx, seed, permille, dilateIterations, erodeIterations } = golden;
      const mask = BitMask.fromBytes(widthPx, heightPx, renderMask(widthPx, heightPx, seed, permille));
      using planes = new MaskPlanes(kernel, mask);
      kernel.run.dilate(planes.address, dilateIterations);
      kernel.run.erode(planes.address, erodeIterations);
      expect(golden).toMatchObject(boxesGolden(findBoxes(kernel, planes.address)));
    }
  });

  it('finds the same again', () => {
    using planes = new MaskPlanes(kernel, draw('#.#', '...', '###'));
    expect(findBoxes(kernel, planes.address)).toEqual(findBoxes(kernel, planes.address));
  });
});

describe('findContours', () => {
  it('follows a border counter-clockwise from its first pixel', () => {
    const [contour] = contoursOf(draw('.....', '.###.', '.###.', '.....'));
    expect(contour?.box).toEqual({ x: 1, y: 1, width: 3, height: 2 });
    expect(contour?.areaPx).toBe(2);
    expect([...(contour?.points ?? [])]).toEqual([1, 1, 1, 2, 2, 2, 3, 2, 3, 1, 2, 1]);
  });

  it('has a lone pixel as a point without area', () => {
    const contours = contoursOf(draw('...', '..#'));
    expect(contours).toEqual([
      { box: { x: 2, y: 1, width: 1, height: 1 }, areaPx: 0, points: Uint16Array.of(2, 1) },
    ]);
  });

  it('passes a thin region on both sides', () => {
    const [contour] = contoursOf(draw('####'));
    expect([...(contour?.points ?? [])]).toEqual([0, 0, 1, 0, 2, 0, 3, 0, 2, 0, 1, 0]);
    expect(contour?.areaPx).toBe(0);
  });

  it('leaves out holes and what lies in them', () => {
    const contours = contoursOf(draw('#####', '#...#', '#.#.#', '#...#', '#####'));
    expect(contours).toHaveLength(1);
    expect(contours[0]?.areaPx).toBe(16);
    expect(contours[0]?.points).toHaveLength(2 * 16);
  });

  it('closes each border with steps from marked pixel to marked neighbour, around its area', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        const bytes = mask.toBytes();
        for (const contour of contoursOf(mask)) {
          const pairs = pointPairs(contour);
          const steps = pairs.map(([x, y], i) => {
            const [fromX, fromY] = pairs.at(i - 1) ?? [x, y];
            return { reach: Math.max(Math.abs(x - fromX), Math.abs(y - fromY)), area: fromX * y - x * fromY };
          });
          expect(pairs.every(([x, y]) => bytes[y * mask.widthPx + x] === 255)).toBe(true);
          expect(steps.every(({ reach }) => reach === (pairs.length === 1 ? 0 : 1))).toBe(true);
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
