import { wallMs } from '../../base/time.ts';
import type { EventRecord, FragmentRecord, GapRecord, SegmentRecord } from '../records.ts';

/** Noon of a day. */
export const NOON = Date.UTC(2026, 4, 1, 12);

export const VOLUME = '5f0d6c1e-0000-4000-8000-000000000001';

/** Fragments of 2 s each, one behind the other. */
export function makeFragments(count: number): readonly FragmentRecord[] {
  return Array.from({ length: count }, (_, place) => ({
    offsetBytes: 1_200 + place * 1_000_000,
    sizeBytes: 1_000_000,
    startMs: place * 2_000,
    durationMs: 2_000,
    isKey: true,
  }));
}

/** A segment of a minute, unless something else is said. @param startMs after noon. */
export function makeSegment(startMs: number, different: Partial<SegmentRecord> = {}): SegmentRecord {
  const startWallMs = wallMs(NOON + startMs);
  return {
    volume: VOLUME,
    path: `yard/2026-05-01/${startMs}.mp4`,
    camera: 'yard',
    runStartWallMs: wallMs(NOON),
    startWallMs,
    endWallMs: wallMs(startWallMs + 60_000),
    sizeBytes: 30_001_200,
    kind: 'continuous',
    isOpen: false,
    endedBy: 'length',
    video: { codec: 'avc1.64001f', widthPx: 1920, heightPx: 1080 },
    audio: { codec: 'mp4a.40.2', sampleRateHz: 16_000, channels: 1 },
    fragments: makeFragments(30),
    ...different,
  };
}

/** @param startMs after noon, the moment of the trigger; footage is wanted from 5 s before until 20 s after. */
export function makeEvent(startMs: number, different: Partial<EventRecord> = {}): EventRecord {
  return {
    camera: 'yard',
    triggerWallMs: wallMs(NOON + startMs),
    fromWallMs: wallMs(NOON + startMs - 5_000),
    untilWallMs: wallMs(NOON + startMs + 20_000),
    isOpen: false,
    causes: ['motion'],
    zones: [],
    score: 1_600.5,
    peakScore: 2_400,
    isKept: false,
    detail: { camera: 'yard', trigger: 'noon' },
    thumbnail: undefined,
    ...different,
  };
}

/** @param startMs and @param endMs after noon. */
export function makeGap(startMs: number, endMs: number, different: Partial<GapRecord> = {}): GapRecord {
  return {
    camera: 'yard',
    startWallMs: wallMs(NOON + startMs),
    endWallMs: wallMs(NOON + endMs),
    cause: 'unreachable',
    detail: 'connection refused',
    ...different,
  };
}
