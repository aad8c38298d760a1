import { describe, expect, it } from 'vitest';
import { BitMask } from './bit-mask.ts';
import { decide, type MeasuredMask } from './decision.ts';
import { DIFFERENCE_PRESETS, type DifferenceDecision } from './difference-settings.ts';
import { PixelWeights } from './pixel-weights.ts';

const { v1, v2, v3, v4, current } = DIFFERENCE_PRESETS;
const box = { x: 10, y: 20, width: 30, height: 5 };
/** Zones and parts of the picture as a detector has them; how many pixels are marked in each is up to a test. */
const [left, right, whole] = [new BitMask(100, 100), new BitMask(100, 100), new BitMask(100, 100)];
left.words.fill(1);
right.words.fill(2);
whole.invert();

function masked(px: number, within: ReadonlyMap<BitMask, number> = new Map()): MeasuredMask {
  const countWithin = (mask: BitMask) => within.get(mask) ?? 0;
  const boxes = () => (px > 0 ? [box] : []);
  const measures = { largestBoxPx: () => px, contourAreaPx: () => px };
  return { widthPx: 100, heightPx: 100, count: () => px, countWithin, boxes, ...measures };
}

const unweighted = new PixelWeights({ watched: undefined, parts: [], zones: [] });

function isMotion(decision: DifferenceDecision, px: number): boolean {
  return decide(decision, unweighted, masked(px)).isMotion;
}

describe('decide', () => {
  it.each([
    { preset: 'current', decision: current.decision, least: 1500 },
    { preset: 'v1: 8 % of the picture', decision: v1.decision, least: 800 },
    { preset: 'v2: more than 1 % of it', decision: v2.decision, least: 101 },
    { preset: 'v3: more than 1000', decision: v3.decision, least: 1001 },
    { preset: 'v4', decision: v4.decision, least: 10 },
  ])('finds motion from $least pixels on with $preset', ({ decision, least }) => {
    expect(isMotion(decision, least - 1)).toBe(false);
    expect(isMotion(decision, least)).toBe(true);
  });

  it('has boxes with motion only', () => {
    expect(decide(v4.decision, unweighted, masked(9)).boxes).toEqual([]);
    expect(decide(v4.decision, unweighted, masked(10)).boxes).toEqual([box]);
  });

  it('has halves of a pixel in the score of contour areas', () => {
    const halves = { ...masked(0), contourAreaPx: () => 9.5 };
    expect(decide(v4.decision, unweighted, halves)).toMatchObject({ score: 9.5, isMotion: false });
  });

  it('weighs pixels by the part they are in, and rounds the score but not what is decided on', () => {
    const parts = [
      { mask: left, weight: 2.5 },
      { mask: right, weight: 0.1 },
    ];
    const weights = new PixelWeights({ watched: undefined, parts, zones: [] });
    const mask = masked(999, new Map([[left, 599] as const, [right, 24]]));
    const decision: DifferenceDecision = { measure: 'changed-pixels', leastPx: 1500 };
    expect(decide(decision, weights, mask)).toMatchObject({ score: 1500, isMotion: false });
  });

  it('names the zones whose own pixels are enough, when there is motion at all', () => {
    const zones = [
      { name: 'left', mask: left },
      { name: 'right', mask: right },
    ];
    const weights = new PixelWeights({ watched: undefined, parts: [], zones });
    const within = new Map([[left, 1400] as const, [right, 1500]]);
    expect(decide(current.decision, weights, masked(1499, within)).zones).toEqual([]);
    expect(decide(current.decision, weights, masked(2000, within)).zones).toEqual(['right']);
  });

  it('names all zones with a marked pixel when contours are judged', () => {
    const zones = [
      { name: 'left', mask: left },
      { name: 'right', mask: right },
    ];
    const weights = new PixelWeights({ watched: undefined, parts: [], zones });
    const within = new Map([[left, 1] as const]);
    expect(decide(v1.decision, weights, masked(5000, within)).zones).toEqual(['left']);
  });

  it('weighs a zone as the parts it lies in', () => {
    const parts = [
      { mask: left, weight: 3 },
      { mask: right, weight: 1 },
    ];
    const zone = { name: 'both', mask: whole };
    const { zones } = new PixelWeights({ watched: undefined, parts, zones: [zone] });
    expect(zones[0]?.parts.map(({ mask, weight }) => [mask.count(), weight])).toEqual([
      [left.count(), 3],
      [right.count(), 1],
    ]);
  });
});
