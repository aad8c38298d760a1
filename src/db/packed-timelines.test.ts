import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { CameraTimeline, TimelineEvent } from './archive-index.ts';
import { packTimelines, unpackTimelines } from './packed-timelines.ts';
import { makeGap, NOON } from './testing/records.ts';

function event(startMs: number, different: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    startWallMs: wallMs(NOON + startMs),
    endWallMs: wallMs(NOON + startMs + 60_000),
    triggerWallMs: wallMs(NOON + startMs + 5_000),
    causes: ['motion'],
    zones: [],
    peakScore: 2_400.5,
    isKept: false,
    ...different,
  };
}

test('gives back the timelines that were packed and cloned', () => {
  const recorded = [{ startWallMs: wallMs(NOON), endWallMs: wallMs(NOON + 600_000) }];
  const timelines: readonly CameraTimeline[] = [
    { camera: 'yard', recorded, gaps: [makeGap(600_000, 700_000)], events: [event(0), event(1_000)] },
    { camera: 'attic', recorded: [], gaps: [], events: [] },
    {
      camera: 'door',
      recorded: [],
      gaps: [],
      events: [
        event(0, { causes: ['manual', 'motion'], zones: ['drive'], isKept: true }),
        event(9_000, { causes: ['manual'], zones: ['motion', 'drive'], peakScore: undefined }),
        event(9_001, { peakScore: 0 }),
      ],
    },
  ];
  expect(unpackTimelines(structuredClone(packTimelines(timelines)))).toStrictEqual(timelines);
  expect(unpackTimelines(packTimelines([]))).toEqual([]);
});
