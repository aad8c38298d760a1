import { expect, test } from 'vitest';
import { LiveEdge } from './live-edge.ts';

/** Plays pictures every 40 ms that come at once, beginning so far behind. @returns what is in hand after each second. */
function played(edge: LiveEdge, startMs: number, seconds: number): number[] {
  let inHandMs = startMs;
  const eachSecond: number[] = [];
  for (let picture = 0; picture < seconds * 25; picture += 1) {
    const steering = edge.steer(inHandMs, picture * 40);
    inHandMs = steering.kind === 'jump' ? edge.targetMs(picture * 40) : inHandMs + 40 - 40 * steering.rate;
    if (picture % 25 === 24) eachSecond.push(inHandMs);
  }
  return eachSecond;
}

test('60 ms are kept in hand of a stream that comes evenly', () => {
  const inHand = played(new LiveEdge(), 300, 8);
  expect(Math.abs((inHand.at(-1) ?? 0) - 60)).toBeLessThan(6);
});

test('what is too close to the end plays slower until it is not', () => {
  const inHand = played(new LiveEdge(), 20, 8);
  expect(inHand[0]).toBeGreaterThan(20);
  expect(Math.abs((inHand.at(-1) ?? 0) - 60)).toBeLessThan(6);
});

test('what is corrected is so until nothing is left of it, and is then left alone', () => {
  const inHand = played(new LiveEdge(), 72, 20);
  expect(inHand.slice(4).every((ms) => Math.abs(ms - 60) < 6)).toBe(true);
  expect(new Set(inHand.slice(4)).size).toBe(1);
});

test('near the target the rate is left alone', () => {
  const edge = new LiveEdge();
  for (const inHandMs of [60, 66, 54]) {
    expect(edge.steer(inHandMs, 0)).toEqual({ kind: 'rate', rate: 1 });
  }
});

test('what is more than a second behind jumps', () => {
  expect(new LiveEdge().steer(1_200, 0)).toEqual({ kind: 'jump' });
});

test('a stream of few pictures is given the time until the next one', () => {
  const edge = new LiveEdge();
  edge.setIntervalMs(200);
  expect(edge.targetMs(0)).toBe(220);
});

test('more is kept in hand after the stream ran dry, without end neither in amount nor in time', () => {
  const edge = new LiveEdge();
  edge.ranDry(0);
  expect(edge.targetMs(0)).toBe(80);
  for (let times = 0; times < 100; times += 1) edge.ranDry(0);
  expect(edge.targetMs(0)).toBe(660);
  expect(edge.targetMs(600_000)).toBeCloseTo(60, 2);
});
