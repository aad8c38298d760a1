import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { recordedSpans } from './recorded-spans.ts';
import type { FragmentRecord, SegmentRecord } from './records.ts';

const START = Date.UTC(2026, 10, 20);

/** @param times start and duration of each fragment, in ms. */
function segment(times: readonly (readonly [number, number])[], lengthMs: number): SegmentRecord {
  const fragments: FragmentRecord[] = times.map(([startMs, durationMs], index) => ({
    offsetBytes: index * 100,
    sizeBytes: 100,
    startMs,
    durationMs,
    isKey: true,
  }));
  return {
    volume: 'v',
    path: 'yard/a.mp4',
    camera: 'yard',
    runStartWallMs: wallMs(START),
    startWallMs: wallMs(START),
    endWallMs: wallMs(START + lengthMs),
    sizeBytes: 100 * fragments.length,
    kind: 'continuous',
    isOpen: false,
    endedBy: undefined,
    video: { codec: 'avc1.64001f', widthPx: 640, heightPx: 360 },
    audio: undefined,
    fragments,
  };
}

function spans(times: readonly (readonly [number, number])[], lengthMs: number): number[][] {
  return recordedSpans(segment(times, lengthMs)).map((span) => [
    span.startWallMs - START,
    span.endWallMs - START,
  ]);
}

describe('recordedSpans', () => {
  test('is one span where the fragments follow each other', () => {
    const times = [
      [0, 2000],
      [2000, 2000],
      [4000, 1500],
    ] as const;
    expect(spans(times, 5500)).toEqual([[0, 5500]]);
  });

  test('leaves out holes longer than a second, and no shorter ones', () => {
    const times = [
      [0, 2000],
      [3000, 1000],
      [5001, 1000],
      [6001, 0],
    ] as const;
    expect(spans(times, 6001)).toEqual([
      [0, 4000],
      [5001, 6001],
    ]);
  });

  test('takes a segment without fragments at its word, and one without length for nothing', () => {
    expect(spans([], 3000)).toEqual([[0, 3000]]);
    expect(spans([], 0)).toEqual([]);
  });
});
