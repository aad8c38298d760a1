import { beforeEach, describe, expect, test } from 'vitest';
import { mediaTicks, wallMs } from '../base/time.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import type { Event } from './event.ts';
import { EventTracker } from './event-tracker.ts';

const settings = {
  initialWaitMs: 5_000,
  minimalDurationMs: 10_000,
  preRollMs: 5_000,
  postRollMs: 2_000,
  maximalLengthMs: 600_000,
};

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

  test('opens an event where it was loud, and goes on as long as it is', () => {
    watch(0, 20, false);
    tracker.loud(wallMs(19_500), wallMs(19_800));
    expect(opened).toEqual([
      expect.objectContaining({ causes: ['loud'], triggerWallMs: 19_500, fromWallMs: 14_500 }),
    ]);
    tracker.loud(wallMs(19_500), wallMs(20_000));
    watch(20, 40, false);
    expect(closed).toEqual([expect.objectContaining({ causes: ['loud'], untilWallMs: 32_000 })]);
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
    for (let ms = 0; ms <= 8_500; ms += 100) tracker.advance(wallMs(ms));
    expect(opened).toEqual([]);
    tracker.advance(wallMs(8_600));
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

  /** The recorded stream goes on without samples. */
  function play(fromS: number, toS: number): void {
    for (let ms = fromS * 1000; ms < toS * 1000; ms += 200) tracker.advance(wallMs(ms));
  }

  describe('where motion is not looked for', () => {
    beforeEach(() => tracker.unwatched(wallMs(0)));

    test('misses no samples', () => {
      play(0, 60);
      expect(opened).toEqual([]);
    });

    test('opens an event for a rule, with its pre-roll, and closes it with the post-roll after its end', () => {
      play(0, 10);
      tracker.hold('doorbell', wallMs(10_100));
      expect(opened).toMatchObject([{ causes: ['doorbell'], triggerWallMs: 10_100, fromWallMs: 5_100 }]);
      expect(opened[0]).toMatchObject({ trigger: undefined, peak: undefined, motionSamples: 0 });
      play(10.2, 90);
      expect(closed).toEqual([]);
      expect(tracker.release('doorbell', wallMs(90_000))).toBe(true);
      play(90, 92);
      expect(closed).toEqual([]);
      play(92, 92.2);
      expect(closed).toMatchObject([{ causes: ['doorbell'], untilWallMs: 92_000 }]);
      expect(tracker.release('doorbell', wallMs(93_000))).toBe(false);
    });

    test('ends an event by itself after its duration, which asking again replaces', () => {
      play(0, 10);
      tracker.hold('doorbell', wallMs(10_000), 30_000);
      expect(opened[0]?.untilWallMs).toBe(42_000);
      play(10, 20);
      tracker.hold('doorbell', wallMs(20_000), 5_000);
      play(20, 60);
      expect(closed).toMatchObject([{ untilWallMs: 27_000 }]);
      expect(opened).toHaveLength(1);
      expect(tracker.heldAt(wallMs(25_000))).toEqual([]);
    });

    test('goes on while any rule asks', () => {
      play(0, 10);
      tracker.hold('doorbell', wallMs(10_000), 5_000);
      tracker.hold('schedule', wallMs(12_000));
      play(10, 40);
      tracker.hold('alarm', wallMs(40_000), 60_000);
      tracker.release('schedule', wallMs(41_000));
      expect(tracker.heldAt(wallMs(41_000))).toEqual(['alarm']);
      play(41, 110);
      expect(opened).toHaveLength(1);
      expect(closed).toMatchObject([{ causes: ['doorbell', 'schedule', 'alarm'], untilWallMs: 102_000 }]);
    });

    test('opens what a rule asked for while the camera was away when it is back', () => {
      tracker.disconnected(wallMs(5_000));
      tracker.hold('alarm', wallMs(10_000));
      tracker.hold('doorbell', wallMs(10_000), 5_000);
      expect(opened).toEqual([]);
      tracker.connected(wallMs(30_000));
      play(30, 31);
      expect(opened).toMatchObject([{ causes: ['alarm'], triggerWallMs: 30_000 }]);
      tracker.disconnected(wallMs(31_000));
      expect(closed).toMatchObject([{ causes: ['alarm'], untilWallMs: 31_000 }]);
      expect(tracker.heldAt(wallMs(31_000))).toEqual(['alarm']);
    });

    test('forgets what a rule asked for in vain while the camera was away', () => {
      tracker.disconnected(wallMs(5_000));
      tracker.hold('doorbell', wallMs(10_000), 5_000);
      expect(tracker.heldAt(wallMs(14_999))).toEqual(['doorbell']);
      expect(tracker.heldAt(wallMs(15_000))).toEqual([]);
      expect(tracker.release('doorbell', wallMs(16_000))).toBe(false);
    });

    test('does not wait for the host clock that was set back to end a duration', () => {
      play(0, 4_000);
      tracker.hold('doorbell', wallMs(4_000_000), 30_000);
      tracker.disconnected(wallMs(4_000_200));
      tracker.connected(wallMs(400_000));
      play(400, 440);
      expect(closed.map(({ untilWallMs }) => untilWallMs)).toEqual([4_000_200, 432_000]);
    });
  });

  test('motion and rules make one event, which lasts as long as either', () => {
    watch(0, 10, false);
    tracker.hold('doorbell', wallMs(10_000), 20_000);
    watch(10, 25, false);
    watch(25, 25.1, true);
    watch(25.2, 60, false);
    expect(opened).toHaveLength(1);
    expect(closed).toMatchObject([
      { causes: ['doorbell', 'motion'], triggerWallMs: 10_000, untilWallMs: 37_000, trigger: undefined },
    ]);
    expect(closed[0]?.peak?.score).toBe(25);
  });

  test('waits for samples up to the end of what a rule asks for too', () => {
    watch(0, 10, false);
    tracker.hold('doorbell', wallMs(10_000), 5_000);
    watch(10, 16.9, false);
    tracker.advance(wallMs(17_500));
    expect(closed).toEqual([]);
    tracker.sample(sampleAt(16_950, true));
    watch(17, 40, false);
    expect(closed).toMatchObject([{ causes: ['doorbell', 'motion'], untilWallMs: 28_950 }]);
  });

  test('ends an event of motion when motion is not looked for any more, and waits anew when it is again', () => {
    watch(0, 10, false);
    watch(10, 12, true);
    tracker.unwatched(wallMs(12_000));
    play(12, 12.4);
    expect(closed).toMatchObject([{ untilWallMs: 12_000 }]);
    play(12.4, 60);
    tracker.watched(wallMs(60_000));
    watch(60, 65, true);
    expect(opened).toHaveLength(1);
    watch(65, 66, true);
    expect(opened[1]?.triggerWallMs).toBe(65_000);
  });

  test('goes on in a new event after the maximal length, with the causes that hold, and never stops between', () => {
    watch(0, 10, false);
    const order: string[] = [];
    const told = new EventTracker(
      'yard',
      { ...settings, maximalLengthMs: 20_000 },
      {
        opened: ({ triggerWallMs }) => void order.push(`opened ${triggerWallMs}`),
        closed: ({ triggerWallMs }) => void order.push(`closed ${triggerWallMs}`),
      },
    );
    tracker = told;
    tracker.connected(wallMs(0));
    watch(0, 10, false);
    watch(10, 12, true);
    tracker.hold('doorbell', wallMs(12_000));
    watch(12, 36, false);
    expect(order).toEqual(['opened 10000', 'opened 30000', 'closed 10000']);
    expect(tracker.open).toMatchObject({
      continues: 10_000,
      causes: ['doorbell'],
      fromWallMs: 30_000,
      motionSamples: 0,
      zones: [],
    });
    watch(36, 71, true);
    expect(order.slice(3)).toEqual(['opened 50000', 'closed 30000', 'opened 70000', 'closed 50000']);
    expect(tracker.open).toMatchObject({ continues: 50_000, causes: ['doorbell', 'motion'] });
  });

  test('does not go on in a new event when the old one only waits for samples', () => {
    tracker = new EventTracker(
      'yard',
      { ...settings, maximalLengthMs: 12_000 },
      {
        opened: (event) => void opened.push(event),
        closed: (event) => void closed.push(event),
      },
    );
    tracker.connected(wallMs(0));
    watch(0, 10, false);
    watch(10, 10.1, true);
    watch(10.2, 20.2, false);
    tracker.advance(wallMs(22_500));
    watch(20.2, 40, false);
    expect(opened).toHaveLength(1);
    expect(closed).toMatchObject([{ untilWallMs: 22_000 }]);
  });
});
