import { expect, test } from 'vitest';
import { eased, SpeedMeter, thrown } from './kinetics.ts';
import {
  bounded,
  following,
  LONGEST_MS,
  panned,
  SHORTEST_MS,
  showing,
  spanMs,
  timeAt,
  toMs,
  xOf,
  zoomed,
} from './view.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const view = showing(1_000, 3_600_000, NOW);

test('what is under the pointer stays there when zooming, in and out', () => {
  for (const factor of [0.5, 0.99, 1.7]) {
    const closer = zoomed(view, factor, 250);
    expect(timeAt(closer, 250)).toBeCloseTo(timeAt(view, 250), 3);
    expect(spanMs(closer)).toBeCloseTo(3_600_000 * factor, 3);
  }
});

test('zooming ends at a few seconds and at two months, and still keeps its place', () => {
  expect(spanMs(zoomed(view, 1e-9, 10))).toBeCloseTo(SHORTEST_MS, 6);
  expect(spanMs(zoomed(view, 1e9, 10))).toBeCloseTo(LONGEST_MS, 0);
  expect(timeAt(zoomed(view, 1e-9, 10), 10)).toBeCloseTo(timeAt(view, 10), 3);
});

test('dragging to the right shows earlier times', () => {
  expect(xOf(panned(view, 30), NOW)).toBeCloseTo(xOf(view, NOW) + 30, 6);
});

test('a quarter of the view may lie in the future, no more', () => {
  const future = bounded(showing(1_000, 3_600_000, NOW + 9_000_000), NOW);
  expect(toMs(future) - NOW).toBeCloseTo(900_000, 3);
  const past = panned(view, 400);
  expect(bounded(past, NOW)).toEqual(past);
});

test('a moment that leaves the view takes it along', () => {
  expect(following(view, NOW)).toBe(view);
  expect(xOf(following(view, NOW + 1_700_000), NOW + 1_700_000)).toBeCloseTo(800, 6);
  expect(xOf(following(view, NOW - 9_000_000), NOW - 9_000_000)).toBeCloseTo(200, 6);
});

test('a throw goes as far whether seen at 60 or at 120 pictures a second, and comes to rest', () => {
  const far = (frameMs: number): number => {
    let [speed, sum] = [2, 0];
    for (let frames = 0; speed !== 0 && frames < 10_000; frames += 1) {
      const { deltaPx, pxPerMs } = thrown(speed, frameMs);
      sum += deltaPx;
      speed = pxPerMs;
    }
    return sum;
  };
  expect(far(8)).toBeCloseTo(far(16), -1);
  expect(far(8)).toBeGreaterThan(600);
});

test('an eased zoom ends exactly where it was to', () => {
  let [left, sum] = [0.7, 0];
  for (let frames = 0; left !== 0 && frames < 100; frames += 1) {
    const step = eased(left, 16);
    sum += step.now;
    left = step.left;
  }
  expect(left).toBe(0);
  expect(sum).toBeCloseTo(0.7, 12);
});

test('a drag that rested before it ended does not throw', () => {
  const meter = new SpeedMeter();
  for (let ms = 0; ms <= 64; ms += 16) meter.moved(16, ms);
  expect(meter.speed(66)).toBeCloseTo(1, 6);
  expect(meter.speed(300)).toBe(0);
});
