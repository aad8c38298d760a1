import { expect, test } from 'vitest';
import { mediaTicks, wallMs } from '../base/time.ts';
import type { DecodedPicture } from '../decode/decoder.ts';
import type { Detection, DetectionStages, LumaPicture, MotionDetector } from '../motion/detector.ts';
import { Lane } from './lane.ts';

const START_MS = 1e12;
const stages: DetectionStages = {
  widthPx: 1,
  heightPx: 1,
  changed: new Uint8Array(1),
  mask: new Uint8Array(1),
  contours: [],
};

/** Its pictures are one pixel, and a white one is motion. */
class WhiteDetector implements MotionDetector {
  resets = 0;
  stagesAsked = 0;

  detect({ data }: LumaPicture): Detection {
    const isMotion = data[0] === 255;
    const size = { analysedWidthPx: 1, analysedHeightPx: 1 };
    return { score: data[0] ?? 0, isMotion, boxes: [], zones: [], ...size };
  }

  stages(): DetectionStages {
    this.stagesAsked++;
    return stages;
  }

  reset(): void {
    this.resets++;
  }

  [Symbol.dispose](): void {}
}

function picture(seconds: number, isWhite: boolean): DecodedPicture {
  const data = Uint8Array.of(isWhite ? 255 : 0);
  return {
    pts: mediaTicks(seconds * 90_000),
    readLuma: () => ({ widthPx: 1, heightPx: 1, stride: 1, data, isFullRange: true }),
    readI420: () => undefined,
  };
}

function newLane(detector = new WhiteDetector(), isExplaining = false): Lane {
  const event = {
    initialWaitMs: 5_000,
    minimalDurationMs: 10_000,
    preRollMs: 0,
    postRollMs: 2_000,
    maximalLengthMs: 600_000,
  };
  return new Lane({ detector, rateFps: 5, event, isExplaining });
}

/** Shows a picture at each of the times. */
function show(lane: Lane, times: readonly number[], isWhite: (seconds: number) => boolean) {
  return times.map((seconds) =>
    lane.take(picture(seconds, isWhite(seconds)), wallMs(START_MS + seconds * 1000)),
  );
}

function everySecond(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test('no motion counts in the initial wait; then each prolongs the alarm to the minimal duration', () => {
  using lane = newLane();
  lane.begin(wallMs(START_MS));
  const moments = show(lane, everySecond(0, 30), (second) => [3, 7, 9].includes(second));
  const left = moments.map((moment) => moment?.secondsLeft);
  expect(left.slice(0, 7)).toEqual(Array.from({ length: 7 }));
  expect(left.slice(7, 12)).toEqual([10, 9, 10, 9, 8]);
  expect(left.slice(18, 22)).toEqual([1, 0, undefined, undefined]);
  lane.end(wallMs(START_MS + 30_000));
  expect(lane.events).toHaveLength(1);
  expect(lane.events[0]?.triggerWallMs).toBe(START_MS + 7_000);
  expect(lane.events[0]?.untilWallMs).toBe(START_MS + 21_000);
  expect(lane.events[0]?.motionSamples).toBe(2);
});

test('analyses as many pictures as it is told', () => {
  using lane = newLane();
  lane.begin(wallMs(START_MS));
  const times = Array.from({ length: 50 }, (_, index) => index / 25);
  expect(show(lane, times, () => false).filter((moment) => moment !== undefined)).toHaveLength(10);
});

test('an event ends with the footage', () => {
  using lane = newLane();
  lane.begin(wallMs(START_MS));
  show(lane, everySecond(0, 8), (second) => second === 6);
  expect(lane.events).toEqual([]);
  lane.end(wallMs(START_MS + 8_500));
  expect(lane.events[0]?.untilWallMs).toBe(START_MS + 8_500);
});

test('a slow camera is not an unwatched one, and its event goes on over its pauses', () => {
  using lane = newLane();
  lane.begin(wallMs(START_MS));
  show(lane, [0, 30, 38, 80], (second) => second === 30 || second === 38);
  lane.end(wallMs(START_MS + 90_000));
  expect(lane.events.map(({ causes }) => causes)).toEqual([['motion']]);
  expect(lane.events[0]?.untilWallMs).toBe(START_MS + 50_000);
});

test('a longer break ends an event, and the initial wait begins anew', () => {
  using lane = newLane();
  lane.begin(wallMs(START_MS));
  show(lane, [0, 6, 100, 102, 107], (second) => second === 6 || second === 102);
  lane.end(wallMs(START_MS + 107_000));
  expect(lane.events).toHaveLength(1);
  expect(lane.events[0]?.untilWallMs).toBe(START_MS + 6_000);
});

test('asks for stages only when it explains, and forgets the scene where footage begins', () => {
  for (const isExplaining of [false, true]) {
    const detector = new WhiteDetector();
    using lane = newLane(detector, isExplaining);
    lane.begin(wallMs(START_MS));
    const [moment] = show(lane, [0], () => false);
    expect(moment?.stages).toBe(isExplaining ? stages : undefined);
    expect(detector.stagesAsked).toBe(isExplaining ? 1 : 0);
    expect(detector.resets).toBe(1);
  }
});
