import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checksum,
  contoursGolden,
  manyContoursGolden,
  readGoldens,
  type MaskGolden,
} from '../../test/goldens/goldens.ts';
import { renderMask } from '../../test/goldens/scene.ts';
import { BitMask } from './bit-mask.ts';
import { findContours } from './contours.ts';
import type { Box } from './detector.ts';
import { dilate, erode } from './morphology.ts';

/** A mask drawn with `#` for marked pixels. */
function draw(...rows: string[]): BitMask {
  const bytes = Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0));
  return BitMask.fromBytes(rows[0]?.length ?? 0, rows.length, bytes);
}

function outcome({ widthPx, heightPx, seed, permille, dilateIterations, erodeIterations }: MaskGolden) {
  const mask = BitMask.fromBytes(widthPx, heightPx, renderMask(widthPx, heightPx, seed, permille));
  dilate(mask, dilateIterations);
  erode(mask, erodeIterations);
  return { mask: checksum(mask.toBytes()), count: mask.count(), ...contoursGolden(findContours(mask)) };
}

interface AnyMask {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bytes: Uint8Array;
}

/** Masks of few and many marked pixels, narrower and wider than a word. */
const anyMask: fc.Arbitrary<AnyMask> = fc
  .record({
    widthPx: fc.integer({ min: 1, max: 100 }),
    heightPx: fc.integer({ min: 1, max: 24 }),
    seed: fc.nat(),
    permille: fc.nat(1000),
  })
  .map(({ widthPx, heightPx, seed, permille }) => {
    return { widthPx, heightPx, bytes: renderMask(widthPx, heightPx, seed, permille) };
  });

/** What `combine` makes of the pixels around each pixel, up to `radius` away and inside the picture. */
function ofSquares(
  { widthPx, heightPx, bytes }: AnyMask,
  radius: number,
  combine: (...pixels: number[]) => number,
): Uint8Array {
  return bytes.map((_, i) => {
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)];
    const pixels: number[] = [];
    for (let row = Math.max(0, y - radius); row <= Math.min(heightPx - 1, y + radius); row++) {
      const [left, right] = [Math.max(0, x - radius), Math.min(widthPx, x + radius + 1)];
      pixels.push(...bytes.subarray(row * widthPx + left, row * widthPx + right));
    }
    return combine(...pixels);
  });
}

/** The boxes of `findContours` pixel by pixel: floods the outside, and what then is not reached, region by region. */
function floodedRegions({ widthPx, heightPx, bytes }: AnyMask): Box[] {
  const isMarked = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < widthPx && y < heightPx && bytes[y * widthPx + x] === 1;
  const reached = new Set<string>();
  const flood = (start: [number, number], isJoined: (x: number, y: number) => boolean, corners: boolean) => {
    const found = [start];
    reached.add(start.join());
    for (const [x, y] of found) {
      for (const [dx, dy] of [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => [a, b] as const))) {
        const [nextX, nextY] = [x + dx, y + dy];
        const isInside = nextX >= -1 && nextY >= -1 && nextX <= widthPx && nextY <= heightPx;
        if (!isInside || (!corners && dx !== 0 && dy !== 0)) continue;
        if (reached.has(`${nextX},${nextY}`) || !isJoined(nextX, nextY)) continue;
        reached.add(`${nextX},${nextY}`);
        found.push([nextX, nextY]);
      }
    }
    return found;
  };
  flood([-1, -1], (x, y) => !isMarked(x, y), false);
  const boxes: Box[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)];
    if (reached.has(`${x},${y}`)) continue;
    boxes.push(boxAround(flood([x, y], () => true, true)));
  }
  return boxes;
}

function boxesOf(mask: BitMask): Box[] {
  return findContours(mask).map(({ box }) => box);
}

function boxAround(pixels: readonly (readonly [number, number])[]): Box {
  const [xs, ys] = [pixels.map(([x]) => x), pixels.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}

describe('dilate, erode, count and findContours', () => {
  it('equal OpenCV on generated masks of every density', () => {
    const { masks } = readGoldens();
    expect(masks.length).toBeGreaterThan(50);
    for (const golden of masks) expect({ ...golden, ...outcome(golden) }).toEqual(golden);
  });
});

describe('dilate and erode', () => {
  it('take the greatest and the least of the square around each pixel', () => {
    fc.assert(
      fc.property(anyMask, fc.nat(40), (plain, iterations) => {
        const { widthPx, heightPx, bytes } = plain;
        const [dilated, eroded] = [Math.max, Math.min].map((combine) =>
          ofSquares(plain, iterations, combine),
        );
        const mask = BitMask.fromBytes(widthPx, heightPx, bytes);
        dilate(mask, iterations);
        expect(mask).toEqual(BitMask.fromBytes(widthPx, heightPx, dilated ?? bytes));
        const other = BitMask.fromBytes(widthPx, heightPx, bytes);
        erode(other, iterations);
        expect(other).toEqual(BitMask.fromBytes(widthPx, heightPx, eroded ?? bytes));
      }),
      { numRuns: 25 },
    );
  });

  it('do not erode from the edge of the picture', () => {
    const mask = draw('###.', '###.', '###.');
    erode(mask, 1);
    expect(mask).toEqual(draw('##..', '##..', '##..'));
  });

  it('dilate up to the edge of the picture', () => {
    const mask = draw('#...', '....', '....');
    dilate(mask, 2);
    expect(mask).toEqual(draw('###.', '###.', '###.'));
  });

  it('reach across many words at the largest setting', () => {
    const bytes = new Uint8Array(400);
    bytes[200] = 1;
    const mask = BitMask.fromBytes(400, 1, bytes);
    dilate(mask, 127);
    expect(mask).toEqual(BitMask.fromBytes(400, 1, bytes.fill(1, 200 - 127, 200 + 128)));
    erode(mask, 127);
    expect(mask.count()).toBe(1);
  });
});

describe('findContours', () => {
  it('equals OpenCV to the point on thousands of generated masks', () => {
    expect(manyContoursGolden(findContours)).toBe(readGoldens().manyContours);
  });

  it('finds the regions that flooding finds', () => {
    fc.assert(
      fc.property(anyMask, (plain) => {
        const mask = BitMask.fromBytes(plain.widthPx, plain.heightPx, plain.bytes);
        expect(boxesOf(mask)).toEqual(floodedRegions(plain));
      }),
      { numRuns: 150 },
    );
  });

  it('finds nothing in an empty mask', () => {
    expect(boxesOf(draw('...', '...'))).toEqual([]);
  });

  it('joins pixels that touch at a corner', () => {
    expect(boxesOf(draw('#..', '.#.', '..#'))).toEqual([{ x: 0, y: 0, width: 3, height: 3 }]);
  });

  it('counts a region in the hole of another as part of it', () => {
    const mask = draw('#####', '#...#', '#.#.#', '#...#', '#####');
    expect(boxesOf(mask)).toEqual([{ x: 0, y: 0, width: 5, height: 5 }]);
  });

  it('keeps a region apart that lies in a bay of another', () => {
    const mask = draw('#####', '#...#', '#.#.#', '#...#', '##.##');
    expect(boxesOf(mask)).toEqual([
      { x: 0, y: 0, width: 5, height: 5 },
      { x: 2, y: 2, width: 1, height: 1 },
    ]);
  });

  it('finds a full picture as one region, at widths of whole words too', () => {
    for (const widthPx of [3, 32, 64]) {
      const mask = BitMask.fromBytes(widthPx, 2, new Uint8Array(2 * widthPx).fill(1));
      expect(boxesOf(mask)).toEqual([{ x: 0, y: 0, width: widthPx, height: 2 }]);
    }
  });
});
