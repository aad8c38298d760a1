import { expect, test } from 'vitest';
import {
  areasOf,
  enclosed,
  freeName,
  movedArea,
  movedCorner,
  withChanged,
  withCorner,
  withNewArea,
  withoutArea,
  withoutCorner,
  type Area,
} from './areas.ts';

const TRIANGLE: Area = {
  id: 0,
  kind: 'mask',
  name: '',
  sensitivity: undefined,
  savedName: undefined,
  corners: [
    { x: 0.2, y: 0.2 },
    { x: 0.6, y: 0.2 },
    { x: 0.2, y: 0.8 },
  ],
};

test('a corner goes where it is put, never beyond the picture, in thousandths of it', () => {
  expect(movedCorner(TRIANGLE, 1, { x: 0.123_456, y: 0.5 }).corners[1]).toEqual({ x: 0.123, y: 0.5 });
  expect(movedCorner(TRIANGLE, 0, { x: -3, y: 1.2 }).corners[0]).toEqual({ x: 0, y: 1 });
  expect(movedCorner(TRIANGLE, 1, { x: 1, y: 1 }).corners[0]).toEqual({ x: 0.2, y: 0.2 });
});

test('a new corner is in the middle of its edge, also of the last one', () => {
  expect(withCorner(TRIANGLE, 0).corners[1]).toEqual({ x: 0.4, y: 0.2 });
  expect(withCorner(TRIANGLE, 2).corners).toHaveLength(4);
  expect(withCorner(TRIANGLE, 2).corners[3]).toEqual({ x: 0.2, y: 0.5 });
});

test('a new corner that is drawn out of its edge is where it was drawn to, not beyond the picture', () => {
  expect(withCorner(TRIANGLE, 0, { x: 0.4, y: -0.1 }).corners.slice(0, 3)).toEqual([
    { x: 0.2, y: 0.2 },
    { x: 0.4, y: 0 },
    { x: 0.6, y: 0.2 },
  ]);
});

test('a corner is taken out unless three would not be left', () => {
  const square = withCorner(TRIANGLE, 0);
  expect(withoutCorner(square, 1)).toEqual(TRIANGLE);
  expect(withoutCorner(TRIANGLE, 1)).toBe(TRIANGLE);
});

test('a whole area keeps its shape at the edge of the picture', () => {
  expect(movedArea(TRIANGLE, { x: -1, y: 0.1 }).corners).toEqual([
    { x: 0, y: 0.3 },
    { x: 0.4, y: 0.3 },
    { x: 0, y: 0.9 },
  ]);
  expect(movedArea(TRIANGLE, { x: 0, y: 5 }).corners[2]).toEqual({ x: 0.2, y: 1 });
});

test('what encloses nothing is told by its area', () => {
  expect(enclosed(TRIANGLE)).toBeCloseTo(0.24);
  expect(enclosed(movedCorner(TRIANGLE, 2, { x: 0.4, y: 0.2 }))).toBe(0);
});

test('areas come, change and go by their ids', () => {
  const areas = withNewArea(withNewArea([], 'mask', ''), 'zone', 'door');
  expect(areas.map(({ id, kind, name }) => [id, kind, name])).toEqual([
    [0, 'mask', ''],
    [1, 'zone', 'door'],
  ]);
  expect(withNewArea(withoutArea(areas, 0), 'mask', '').map(({ id }) => id)).toEqual([1, 2]);
  expect(withChanged(areas, 1, (area) => ({ ...area, name: 'gate' }))[1]?.name).toBe('gate');
  expect(freeName(areas, 'Door')).toBe('Door 1');
  expect(freeName(withNewArea(areas, 'zone', 'door 1'), 'Door')).toBe('Door 2');
});

test('new areas do not lie upon each other, and all in the picture', () => {
  let areas: readonly Area[] = [];
  for (let count = 0; count < 7; count += 1) areas = withNewArea(areas, 'mask', '');
  const places = areas.map(({ corners }) => corners.map(({ x, y }) => `${x} ${y}`).join(', '));
  expect(places[0]).toBe('0.35 0.35, 0.65 0.35, 0.65 0.65, 0.35 0.65');
  expect(places[5]).toBe('0.6 0.6, 0.9 0.6, 0.9 0.9, 0.6 0.9');
  expect(new Set(places.slice(0, 6)).size).toBe(6);
});

test('a zone has a sensitivity of its own where it differs from that of the camera', () => {
  const polygon = [...TRIANGLE.corners];
  const zones = [
    { name: 'door', polygon, sensitivity: 50 },
    { name: 'gate', polygon, sensitivity: 70 },
  ];
  const areas = areasOf({ detector: 'current', sensitivity: 50, masks: [polygon], zones });
  expect(areas.map(({ id, kind, name, sensitivity }) => [id, kind, name, sensitivity])).toEqual([
    [0, 'mask', '', undefined],
    [1, 'zone', 'door', undefined],
    [2, 'zone', 'gate', 70],
  ]);
});
