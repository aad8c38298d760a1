import fc from 'fast-check';
import type { Scene } from '../../../test/goldens/scene.ts';
import { WHOLE_PICTURE, type AreaSettings, type Corner } from '../areas.ts';
import type { DifferenceDecision, DifferenceSettings } from '../difference-settings.ts';

function mostly<T>(usual: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof(fc.constant(usual), others);
}

const anyDecision: fc.Arbitrary<DifferenceDecision> = fc.oneof(
  fc.record({ measure: fc.constant('changed-pixels'), leastPx: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ measure: fc.constant('contour-area'), leastPx: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ measure: fc.constant('changed-share'), abovePercent: fc.nat({ max: 3 }) }),
  fc.record({ measure: fc.constant('largest-box'), leastPercent: fc.integer({ min: 1, max: 3 }) }),
);

/** Mostly the usual ones of `current`, of every measure. */
export const anySettings: fc.Arbitrary<DifferenceSettings> = fc.record({
  kind: fc.constant('difference'),
  pictures: fc.constantFrom(2, 3),
  analysedWidthPx: fc.integer({ min: 16, max: 200 }),
  blurSizePx: mostly(
    11,
    fc.nat({ max: 31 }).map((radius) => 2 * radius + 1),
  ),
  threshold: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 254 })),
  dilateIterations: mostly(8, fc.nat({ max: 127 })),
  erodeIterations: mostly(4, fc.nat({ max: 127 })),
  decision: anyDecision,
});

const anyCorner: fc.Arbitrary<Corner> = fc
  .tuple(fc.nat({ max: 100 }), fc.nat({ max: 100 }))
  .map(([x, y]) => ({ x: x / 100, y: y / 100 }));
const anyPolygon = fc.array(anyCorner, { minLength: 3, maxLength: 6 });

/** Mostly the whole picture. */
export const anyAreas: fc.Arbitrary<AreaSettings> = mostly(
  WHOLE_PICTURE,
  fc.record({
    masks: fc.array(anyPolygon, { maxLength: 2 }),
    zones: fc
      .array(fc.record({ polygon: anyPolygon, weight: fc.constantFrom(0, 0.3, 1, 2.5) }), { maxLength: 3 })
      .map((zones) => zones.map((zone, i) => ({ ...zone, name: `zone ${i}` }))),
  }),
);

/** Still and moving, from clear to nothing but noise. */
export const anyScene: fc.Arbitrary<Scene> = fc.record({
  widthPx: fc.integer({ min: 1, max: 260 }),
  heightPx: fc.integer({ min: 1, max: 90 }),
  seed: fc.nat(),
  noise: fc.oneof(fc.constant(0), fc.nat({ max: 12 }), fc.nat({ max: 191 })),
  rectangles: fc.array(
    fc.record({
      x: fc.integer({ min: -20, max: 250 }),
      y: fc.integer({ min: -20, max: 90 }),
      width: fc.integer({ min: 1, max: 60 }),
      height: fc.integer({ min: 1, max: 40 }),
      dx: fc.integer({ min: -9, max: 9 }),
      dy: fc.integer({ min: -9, max: 9 }),
      shade: fc.nat({ max: 255 }),
    }),
    { maxLength: 3 },
  ),
});
