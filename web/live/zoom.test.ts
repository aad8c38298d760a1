import { expect, test } from 'vitest';
import { moveZoom, NO_ZOOM, swipeOf, wheelFactor, zoomAt } from './zoom.ts';

test('what is under the pointer stays there', () => {
  const at = { x: 0.3, y: -0.2 };
  const once = zoomAt(NO_ZOOM, 2, at);
  const twice = zoomAt(once, 1.5, at);
  // The point of the picture that is at `at`.
  for (const zoom of [once, twice]) {
    expect((at.x - zoom.x) / zoom.scale).toBeCloseTo(0.3);
    expect((at.y - zoom.y) / zoom.scale).toBeCloseTo(-0.2);
  }
});

test('it shows nothing beyond the picture, and no more than 12 times', () => {
  expect(moveZoom({ scale: 3, x: 0, y: 0 }, 5, -5)).toEqual({ scale: 3, x: 1, y: -1 });
  expect(moveZoom(NO_ZOOM, 1, 1)).toEqual(NO_ZOOM);
  expect(zoomAt(NO_ZOOM, 100, { x: 0, y: 0 }).scale).toBe(12);
});

test('smaller than the whole it does not get', () => {
  const zoom = zoomAt({ scale: 2, x: 0.4, y: 0.4 }, 0.1, { x: 0, y: 0 });
  expect(zoom).toEqual(NO_ZOOM);
});

test('a wheel turned back undoes what it did', () => {
  expect(wheelFactor(100) * wheelFactor(-100)).toBeCloseTo(1);
  expect(wheelFactor(-100)).toBeGreaterThan(1);
});

test('a finger that goes far enough sideways swipes, to the next one on the left', () => {
  expect([swipeOf(-80, 10), swipeOf(80, -30)]).toEqual(['next', 'previous']);
  expect([swipeOf(-40, 0), swipeOf(90, 60), swipeOf(0, 200)]).toEqual([undefined, undefined, undefined]);
});
