import { expect, test } from 'vitest';
import { fitTiles } from './fit-tiles.ts';
import { neighbour } from './neighbour.ts';

const CAMERAS = ['a', 'b', 'c', 'd', 'e'];
const { boxes } = fitTiles(
  CAMERAS.map(() => 16 / 9),
  { widthPx: 1600, heightPx: 900, gapPx: 0 },
);

test('left and right are the ones before and after, across rows', () => {
  expect(CAMERAS.map((camera) => neighbour(CAMERAS, boxes, camera, 'right'))).toEqual([
    'b',
    'c',
    'd',
    'e',
    undefined,
  ]);
  expect(neighbour(CAMERAS, boxes, 'a', 'left')).toBeUndefined();
});

test('up and down are the nearest of the row above or below', () => {
  const below = neighbour(CAMERAS, boxes, 'a', 'down') ?? '';
  const at = (camera: string) => boxes[CAMERAS.indexOf(camera)];
  expect(at(below)?.topPx).toBeGreaterThan(at('a')?.topPx ?? 0);
  expect(at(below)?.leftPx).toBe(0);
  expect(neighbour(CAMERAS, boxes, below, 'up')).toBe('a');
  expect(neighbour(CAMERAS, boxes, 'e', 'down')).toBeUndefined();
});
