import { beforeEach, describe, expect, test } from 'vitest';
import { monotonicMs, wallMs } from '../base/time.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { SegmentRecord } from '../db/records.ts';
import type { Event } from '../event/event.ts';
import { startRun } from '../media/run.ts';
import { CameraHistory } from './camera-history.ts';

const START = wallMs(Date.UTC(2026, 10, 22, 20));

let told: IndexWrite[];
let history: CameraHistory;

beforeEach(() => {
  told = [];
  history = new CameraHistory('yard', (write) => told.push(write));
});

function segment(path: string, state: 'open' | 'closed', sizeBytes: number): SegmentRecord {
  return {
    volume: 'v',
    path,
    camera: 'yard',
    runStartWallMs: START,
    startWallMs: START,
    endWallMs: START,
    sizeBytes,
    kind: 'continuous',
    isOpen: state === 'open',
    endedBy: state === 'open' ? undefined : 'the file was full',
    video: { codec: 'avc1.64001f', widthPx: 640, heightPx: 360 },
    audio: undefined,
    fragments: [],
  };
}

function event(untilMs: number): Event {
  return {
    camera: 'yard',
    triggerWallMs: START,
    continues: undefined,
    causes: ['motion'],
    fromWallMs: START,
    untilWallMs: wallMs(START + untilMs),
    trigger: undefined,
    peak: undefined,
    lastMotionWallMs: undefined,
    motionSamples: 1,
    zones: [],
  };
}

describe('CameraHistory', () => {
  const sizes = () => told.flatMap((write) => (write.type === 'segment' ? [write.segment.sizeBytes] : []));

  test('tells of files that grow when it is asked to, and of what is new only', () => {
    history.segment(segment('a.mp4', 'open', 1));
    history.segment(segment('a.mp4', 'open', 2));
    history.segment(segment('b.mp4', 'open', 10));
    expect(told).toEqual([]);
    history.tellGrowth(undefined);
    history.tellGrowth(undefined);
    expect(sizes()).toEqual([2, 10]);
  });

  test('tells of the end of a file at once, and not of its growth any more', () => {
    history.segment(segment('a.mp4', 'open', 1));
    history.segment(segment('a.mp4', 'closed', 2));
    expect(sizes()).toEqual([2]);
    history.tellGrowth(undefined);
    expect(sizes()).toEqual([2]);
  });

  test('tells of a run when it begins, and up to its last picture when it ends', () => {
    const run = startRun(1, 0, { wall: START, monotonic: monotonicMs(0) });
    history.runStarted(run);
    history.runEnded(run, wallMs(START + 8_000.7), { kind: 'stall', message: 'no media', fields: {} });
    expect(told).toEqual([
      {
        type: 'run',
        run: {
          camera: 'yard',
          startWallMs: START,
          endWallMs: undefined,
          endKind: undefined,
          endMessage: undefined,
        },
      },
      {
        type: 'run',
        run: {
          camera: 'yard',
          startWallMs: START,
          endWallMs: START + 8_000,
          endKind: 'stall',
          endMessage: 'no media',
        },
      },
    ]);
  });

  test('tells of an event when it opens and ends, and between when something is new', () => {
    const first = event(10_000);
    history.eventOpened(first);
    history.tellGrowth(first);
    history.tellGrowth(event(12_000));
    history.eventClosed(event(13_000));
    history.tellGrowth(undefined);
    expect(
      told.map((write) =>
        write.type === 'event' ? [write.event.isOpen, write.event.untilWallMs - START] : write.type,
      ),
    ).toEqual([
      [true, 10_000],
      [true, 12_000],
      [false, 13_000],
    ]);
  });
});
