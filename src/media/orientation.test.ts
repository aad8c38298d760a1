import { expect, test } from 'vitest';
import type { Turn } from '../base/orientation.ts';
import { matrixOf, orientationOf, orientPlane, shownSize, TrackOrienter } from './orientation.ts';
import { testVideoTrack } from './testing/make-packet.ts';

const TURNS: readonly Turn[] = [0, 90, 180, 270];

/** Three pixels wide, two high, with padding: 1 2 3 / 4 5 6. */
const plane = { widthPx: 3, heightPx: 2, stride: 4, data: Uint8Array.of(1, 2, 3, 99, 4, 5, 6, 99) };

function shown(turnDegrees: Turn, isMirrored: boolean): number[][] {
  const { widthPx, heightPx, data } = orientPlane(plane, { turnDegrees, isMirrored }, new Uint8Array(6));
  return Array.from({ length: heightPx }, (_, row) => [...data.subarray(row * widthPx, (row + 1) * widthPx)]);
}

test('turns a plane clockwise', () => {
  expect(shown(0, false)).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(shown(90, false)).toEqual([
    [4, 1],
    [5, 2],
    [6, 3],
  ]);
  expect(shown(180, false)).toEqual([
    [6, 5, 4],
    [3, 2, 1],
  ]);
  expect(shown(270, false)).toEqual([
    [3, 6],
    [2, 5],
    [1, 4],
  ]);
});

test('mirrors it left to right before that', () => {
  expect(shown(0, true)).toEqual([
    [3, 2, 1],
    [6, 5, 4],
  ]);
  expect(shown(90, true)).toEqual([
    [6, 3],
    [5, 2],
    [4, 1],
  ]);
  expect(shown(180, true)).toEqual([
    [4, 5, 6],
    [1, 2, 3],
  ]);
  expect(shown(270, true)).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
});

test('has a matrix that puts each pixel where the turned plane has it', () => {
  for (const turnDegrees of TURNS) {
    for (const isMirrored of [false, true]) {
      const { a, b, c, d } = matrixOf({ turnDegrees, isMirrored });
      const target = shown(turnDegrees, isMirrored);
      const left = (a < 0 ? 2 : 0) + (c < 0 ? 1 : 0);
      const top = (b < 0 ? 2 : 0) + (d < 0 ? 1 : 0);
      for (const [x, y, pixel] of [
        [0, 0, 1],
        [2, 0, 3],
        [1, 1, 5],
      ] as const) {
        expect(target[b * x + d * y + top]?.[a * x + c * y + left]).toBe(pixel);
      }
    }
  }
});

test('reads what it has written, and nothing of upright and slanted pictures', () => {
  for (const turnDegrees of TURNS) {
    for (const isMirrored of [false, true]) {
      const { a, b, c, d } = matrixOf({ turnDegrees, isMirrored });
      const isUpright = turnDegrees === 0 && !isMirrored;
      expect(orientationOf(a, b, c, d)).toEqual(isUpright ? undefined : { turnDegrees, isMirrored });
    }
  }
  expect(orientationOf(0.7, 0.7, -0.7, 0.7)).toBeUndefined();
});

test('shows pictures on their side with width and height in each other’s place', () => {
  const orientation = { turnDegrees: 90, isMirrored: false } as const;
  expect(shownSize({ ...testVideoTrack, orientation })).toEqual({ widthPx: 360, heightPx: 640 });
  expect(shownSize({ ...testVideoTrack, orientation: { ...orientation, turnDegrees: 180 } })).toEqual({
    widthPx: 640,
    heightPx: 360,
  });
});

test('gives a track the same oriented one until it changes', () => {
  const orienter = new TrackOrienter();
  const orientation = { turnDegrees: 90, isMirrored: true } as const;
  const first = orienter.orient(testVideoTrack, orientation);
  expect(first).toEqual({ ...testVideoTrack, orientation });
  expect(orienter.orient(testVideoTrack, orientation)).toBe(first);
  expect(orienter.orient({ ...testVideoTrack }, orientation)).not.toBe(first);
  expect(orienter.orient(testVideoTrack, undefined)).toBe(testVideoTrack);
});
