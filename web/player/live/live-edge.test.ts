import { expect, test } from 'vitest';
import { LiveEdge } from './live-edge.ts';

interface Played {
  /** When each picture has come, of each second on average. */
  readonly inHandMs: readonly number[];
  readonly ranDry: number;
  readonly rates: readonly number[];
}

/** One that has just begun. */
function begun(): LiveEdge {
  const edge = new LiveEdge();
  edge.restart(0);
  return edge;
}

/** Plays pictures every 40 ms, beginning so far behind. @param lateMs how late each of them comes. */
function played(
  edge: LiveEdge,
  startMs: number,
  seconds: number,
  lateMs: (picture: number) => number = () => 0,
): Played {
  const inHandMs: number[] = [];
  const rates: number[] = [];
  let [nowMs, shownMs, rate, ranDry, secondMs] = [0, 40 - startMs, 1, 0, 0];
  for (let picture = 0; picture < seconds * 25; picture += 1) {
    const comesMs = Math.max(nowMs, picture * 40 + lateMs(picture));
    shownMs += (comesMs - nowMs) * rate;
    nowMs = comesMs;
    if (shownMs > picture * 40) {
      ranDry += 1;
      edge.ranDry((shownMs - picture * 40) / rate, nowMs);
      shownMs = picture * 40;
    }
    const endMs = picture * 40 + 40;
    const steering = edge.steer(endMs - shownMs, nowMs);
    if (steering.kind === 'jump') shownMs = endMs - edge.targetMs(nowMs);
    else rate = steering.rate;
    rates.push(rate);
    secondMs += (endMs - shownMs) / 25;
    if (picture % 25 < 24) continue;
    inHandMs.push(secondMs);
    secondMs = 0;
  }
  return { inHandMs, ranDry, rates };
}

test('of a stream that comes evenly 60 ms are kept in hand at first, and 50 as soon as that is known', () => {
  expect(begun().targetMs(0)).toBe(60);
  const { inHandMs, ranDry } = played(begun(), 60, 20);
  expect(ranDry).toBe(0);
  expect(inHandMs[0]).toBeCloseTo(60, 0);
  for (const ms of inHandMs.slice(12)) expect(Math.abs(ms - 50)).toBeLessThan(6);
});

test.each([300, 20])(
  'what begins with %s ms in hand plays faster or slower until it is where it should be',
  (startMs) => {
    const edge = begun();
    const { inHandMs } = played(edge, startMs, 20);
    expect(Math.abs((inHandMs[0] ?? 0) - startMs)).toBeLessThan(Math.abs(60 - startMs));
    expect(Math.abs((inHandMs.at(-1) ?? 0) - edge.targetMs(20_000))).toBeLessThan(6);
  },
);

test('what is corrected is so until nothing is left of it, and is then left alone', () => {
  const { inHandMs, rates } = played(begun(), 72, 30);
  expect(new Set(inHandMs.slice(-10).map((ms) => ms.toFixed(3))).size).toBe(1);
  expect(Math.abs((inHandMs.at(-1) ?? 0) - 50)).toBeLessThan(5);
  expect(rates.slice(-250).every((rate) => rate === 1)).toBe(true);
});

test('near the target the rate is left alone', () => {
  const edge = begun();
  for (const inHandMs of [60, 66, 54]) {
    expect(edge.steer(inHandMs, 0)).toEqual({ kind: 'rate', rate: 1 });
  }
});

test('of a stream whose pictures come late at times more is kept in hand before it runs dry', () => {
  const lateAtTimes = (picture: number) => (picture % 50 === 49 ? 15 : 0);
  const { inHandMs, ranDry } = played(begun(), 60, 60, lateAtTimes);
  expect(ranDry).toBe(0);
  for (const ms of inHandMs.slice(10)) expect(ms).toBeGreaterThan(54);
});

test('pictures that come later than anything before cost no more than 40 ms for a while', () => {
  const edge = begun();
  edge.steer(300, 0);
  edge.steer(100, 1);
  expect(edge.targetMs(1)).toBe(80);
  expect(edge.targetMs(60_000)).toBe(50);
});

test('what is more than a second behind jumps', () => {
  expect(begun().steer(1_200, 0)).toEqual({ kind: 'jump' });
});

test('a stream of few pictures is given the time until the next one, one of many 45 ms', () => {
  const edge = begun();
  edge.setIntervalMs(200);
  expect(edge.targetMs(0)).toBe(220);
  edge.setIntervalMs(16);
  expect(edge.targetMs(0)).toBe(45);
});

test('more is kept in hand after the stream ran dry, without end neither in amount nor in time', () => {
  const edge = begun();
  edge.ranDry(20, 0);
  expect(edge.targetMs(0)).toBe(80);
  for (let times = 0; times < 100; times += 1) edge.ranDry(20, 0);
  expect(edge.targetMs(0)).toBe(660);
  expect(edge.targetMs(600_000)).toBeCloseTo(50, 2);
});

test('what ran dry for a moment is given that moment more, and one long stall does not make it wait as long', () => {
  const [short, long] = [begun(), begun()];
  short.ranDry(4, 0);
  expect(short.targetMs(0)).toBe(64);
  long.ranDry(5_000, 0);
  expect(long.targetMs(0)).toBe(160);
});

test('what ran dry with less in hand than it should have is given as much as would have done', () => {
  const edge = begun();
  edge.ranDry(30, 0);
  edge.steer(70, 0);
  edge.ranDry(15, 0);
  expect(edge.targetMs(0)).toBe(90);
  edge.ranDry(25, 0);
  expect(edge.targetMs(0)).toBe(95);
});

test('what ran dry is given as much as at first, and more', () => {
  const edge = begun();
  expect(edge.targetMs(60_000)).toBe(50);
  edge.ranDry(20, 60_000);
  expect(edge.targetMs(60_000)).toBe(80);
});

test('what is shown anew is given as much as at first', () => {
  const edge = begun();
  expect(edge.targetMs(60_000)).toBe(50);
  edge.restart(60_000);
  expect(edge.targetMs(60_000)).toBe(60);
});
