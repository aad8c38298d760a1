import { expect, test } from 'vitest';
import { fitTiles, type TileSpace } from './fit-tiles.ts';

const WIDE = 16 / 9;
const DESKTOP: TileSpace = { widthPx: 1600, heightPx: 900, gapPx: 0 };

function tiles(count: number, aspect = WIDE): number[] {
  return Array.from({ length: count }, () => aspect);
}

/** How much of the space is covered. */
function covered(aspects: readonly number[], space: TileSpace): number {
  const areaPx = fitTiles(aspects, space).boxes.reduce((sum, box) => sum + box.widthPx * box.heightPx, 0);
  return areaPx / (space.widthPx * space.heightPx);
}

test('1, 4, 9 and 16 cameras fill a window of their shape', () => {
  for (const count of [1, 4, 9, 16]) expect(covered(tiles(count), DESKTOP)).toBeCloseTo(1);
});

test('any number up to 32 covers more than two thirds of the window, without scrolling', () => {
  for (let count = 1; count <= 32; count += 1) {
    if (count === 2) continue;
    expect([count, covered(tiles(count), DESKTOP) > 0.66]).toEqual([count, true]);
    expect(fitTiles(tiles(count), DESKTOP).heightPx).toBeLessThanOrEqual(900.001);
  }
});

test('pictures keep their shape, and lie neither over each other nor outside', () => {
  const aspects = [WIDE, 4 / 3, 9 / 16, WIDE, 2.4, WIDE, 1];
  const space = { widthPx: 1280, heightPx: 800, gapPx: 6 };
  const { boxes } = fitTiles(aspects, space);
  boxes.forEach((box, at) => {
    expect(box.widthPx / box.heightPx).toBeCloseTo(aspects[at] ?? 0);
    expect(box.leftPx).toBeGreaterThanOrEqual(0);
    expect(box.leftPx + box.widthPx).toBeLessThanOrEqual(1280.001);
    expect(box.topPx + box.heightPx).toBeLessThanOrEqual(800.001);
    for (const other of boxes.slice(at + 1)) {
      const isBeside =
        box.leftPx + box.widthPx <= other.leftPx + 0.01 || other.leftPx + other.widthPx <= box.leftPx + 0.01;
      const isAbove =
        box.topPx + box.heightPx <= other.topPx + 0.01 || other.topPx + other.heightPx <= box.topPx + 0.01;
      expect(isBeside || isAbove).toBe(true);
    }
  });
});

test('a phone has one column, as wide as the window', () => {
  const { boxes, heightPx } = fitTiles(tiles(6), { widthPx: 390, heightPx: 700, gapPx: 4 });
  expect(new Set(boxes.map(({ leftPx, widthPx }) => `${leftPx} ${widthPx}`))).toEqual(new Set(['0 390']));
  expect(heightPx).toBeGreaterThan(1_200);
});

test('so many that one would see nothing are scrolled', () => {
  const { boxes, heightPx } = fitTiles(tiles(200), DESKTOP);
  expect(heightPx).toBeGreaterThan(900);
  for (const { widthPx } of boxes) expect(widthPx).toBeGreaterThanOrEqual(200);
});

test('no camera takes no place', () => {
  expect(fitTiles([], DESKTOP)).toEqual({ boxes: [], heightPx: 0 });
});

test.each([2, 6, 24, 64])(
  '%i cameras all lie in the window of a phone while they are arranged, in tiles for a finger',
  (count) => {
    const phone = { widthPx: 390, heightPx: 740, gapPx: 3 };
    const { boxes, heightPx } = fitTiles(tiles(count), { ...phone, isWhole: true });
    expect(heightPx).toBeLessThanOrEqual(740.001);
    expect(boxes).toHaveLength(count);
    expect(Math.min(...boxes.map((box) => box.heightPx))).toBeGreaterThan(40);
  },
);
