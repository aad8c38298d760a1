import { beforeEach, describe, expect, test } from 'vitest';
import { mediaTicks, wallMs } from '../base/time.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import type { Event } from './event.ts';
import { EventTracker } from './event-tracker.ts';

const settings = { initialWaitMs: 5_000, minimalDurationMs: 10_000, preRollMs: 5_000, postRollMs: 2_000 };

/** Its score is the second it was taken in. */
function sampleAt(ms: number, isMotion: boolean, zones: readonly string[] = []): MotionSample {
  const size = { analysedWidthPx: 500, analysedHeightPx: 281 };
  const score = ms / 1000;
  return { wallMs: wallMs(ms), pts: mediaTicks(ms * 90), score, isMotion, boxes: [], zones, ...size };
}

describe('EventTracker', () => {
  let opened: Event[];
  let closed: Event[];
  let tracker: EventTracker;

  beforeEach(() => {
    opened = [];
    closed = [];
    tracker = new EventTracker('yard', settings, {
      opened: (event) => void opened.push(event),
      closed: (event) => void closed.push(event),
    });
    tracker.connected(wallMs(0));
  });

  /** Samples five times a second; the score is the second, there are boxes when it moves. */
  function watch(fromS: number, toS: number, isMotion: boolean): void {
    for (let ms = fromS * 1000; ms < toS * 1000; ms += 200) {
      tracker.sample(sampleAt(ms, isMotion));
    }
  }

  test('does not alarm during the initial wait after connecting', () => {
    watch(0, 5, true);
    expect(opened).toEqual([]);
    watch(5, 6, true);
    expect(opened).toHaveLength(1);
    expect(opened[0]?.triggerWallMs).toBe(5_000);
  });

  test('waits again after the camera reconnects', () => {
    watch(0, 20, false);
    tracker.disconnected(wallMs(20_000));
    tracker.connected(wallMs(21_000));
    watch(21, 26, true);
    expect(opened).toEqual([]);
    watch(26, 26.1, true);
    expect(opened).toHaveLength(1);
  });

  test('lasts the minimal duration and the post-roll after a single motion', () => {
    watch(0, 10, false);
    watch(10, 10.1, true);
    watch(10.2, 40, false);
    expect(closed).toHaveLength(1);
    expect(closed[0]).toMatchObject({
      triggerWallMs: 10_000,
      fromWallMs: 5_000,
      untilWallMs: 22_000,
      lastMotionWallMs: 10_000,
      motionSamples: 1,
      causes: ['motion'],
    });
  });

  test('is prolonged by each motion, also during the post-roll, and remembers trigger and peak', () => {
    watch(0, 10, false);
    watch(10, 12, true);
    watch(12, 23, false);
    watch(23, 23.1, true);
    watch(23.2, 60, false);
    expect(opened).toHaveLength(1);
    expect(closed[0]).toMatchObject({ untilWallMs: 35_000, trigger: { score: 10 }, peak: { score: 23 } });
  });

  test('tells the zones in the order in which they first moved, once each', () => {
    watch(0, 10, false);
    tracker.sample(sampleAt(10_000, true, ['path']));
    expect(opened[0]?.zones).toEqual(['path']);
    tracker.sample(sampleAt(10_200, true, ['door', 'path']));
    tracker.sample(sampleAt(10_400, true));
    watch(10.6, 40, false);
    expect(closed[0]).toMatchObject({
      zones: ['path', 'door'],
      trigger: { zones: ['path'] },
      peak: { zones: [] },
    });
    watch(40, 40.1, true);
    expect(opened[1]?.zones).toEqual([]);
  });

  test('waits for the samples, which come later than what is recorded', () => {
    watch(0, 10, false);
    watch(10, 10.1, true);
    watch(10.2, 21.9, false);
    tracker.advance(wallMs(23_000));
    expect(closed).toEqual([]);
    tracker.sample(sampleAt(21_900, true));
    watch(22, 33.9, false);
    tracker.sample(sampleAt(34_000, true));
    expect(closed.map(({ untilWallMs }) => untilWallMs)).toEqual([33_900]);
    expect(opened.map(({ triggerWallMs }) => triggerWallMs)).toEqual([10_000, 34_000]);
  });

  test('counts no zone of the initial wait', () => {
    tracker.sample(sampleAt(4_800, true, ['door']));
    tracker.sample(sampleAt(5_000, true, ['path']));
    expect(opened[0]?.zones).toEqual(['path']);
  });

  test('keeps everything while no samples come, and says why', () => {
    watch(0, 20, false);
    for (let ms = 20_000; ms <= 40_000; ms += 100) tracker.advance(wallMs(ms));
    expect(opened).toHaveLength(1);
    expect(opened[0]).toMatchObject({ causes: ['unwatched'], triggerWallMs: 19_800, fromWallMs: 14_800 });
    watch(40, 60, false);
    expect(closed).toHaveLength(1);
    expect(closed[0]?.untilWallMs).toBeGreaterThanOrEqual(43_000);
  });

  test('gives an analyzer the initial wait to start, in which motion would not count either', () => {
    for (let ms = 0; ms <= 8_000; ms += 100) tracker.advance(wallMs(ms));
    expect(opened).toEqual([]);
    tracker.advance(wallMs(8_100));
    expect(opened[0]).toMatchObject({ causes: ['unwatched'], triggerWallMs: 5_000, fromWallMs: 0 });
  });

  test('goes on when the host clock was set back by an hour, whatever the analyzer still says', () => {
    watch(0, 3_600, false);
    tracker.disconnected(wallMs(3_600_000));
    tracker.connected(wallMs(60_000));
    tracker.sample(sampleAt(3_600_200, true));
    expect(opened).toEqual([]);
    watch(60, 80, false);
    watch(80, 81, true);
    expect(opened[0]?.triggerWallMs).toBe(80_000);
  });

  test('stays open when the analyzer dies during a motion event', () => {
    watch(0, 10, false);
    watch(10, 12, true);
    for (let ms = 12_000; ms <= 60_000; ms += 100) tracker.advance(wallMs(ms));
    expect(closed).toEqual([]);
    expect(tracker.open?.causes).toEqual(['motion', 'unwatched']);
  });

  test('closes when the camera goes away and opens nothing until it is back', () => {
    watch(0, 10, false);
    watch(10, 12, true);
    tracker.disconnected(wallMs(12_500));
    expect(closed[0]?.untilWallMs).toBe(12_500);
    watch(13, 20, true);
    for (let ms = 13_000; ms <= 60_000; ms += 100) tracker.advance(wallMs(ms));
    expect(opened).toHaveLength(1);
    tracker.connected(wallMs(60_000));
    watch(60, 70, true);
    expect(opened[1]?.triggerWallMs).toBe(65_000);
  });
});
