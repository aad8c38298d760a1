import { describe, expect, it } from 'vitest';
import { mediaTicks, wallMs } from '../src/base/time.ts';
import type { MotionSample } from '../src/motion/motion-sample.ts';
import { plainSpans } from './plain-spans.ts';

/** Samples 200 ms apart, `#` for motion. */
function samples(drawn: string): MotionSample[] {
  return Array.from(drawn, (letter, i) => ({
    wallMs: wallMs(i * 200),
    pts: mediaTicks(i * 18_000),
    score: 0,
    isMotion: letter === '#',
    boxes: [],
    zones: [],
    analysedWidthPx: 500,
    analysedHeightPx: 281,
  }));
}

describe('plainSpans', () => {
  it('finds no span without motion', () => {
    expect(plainSpans(samples('....'), 200)).toEqual([]);
  });

  it('tells the first and last sample of each span', () => {
    expect(plainSpans(samples('.##..#'), 200)).toEqual([
      { startMs: 200, endMs: 400 },
      { startMs: 1000, endMs: 1000 },
    ]);
  });

  it('joins across short pauses', () => {
    expect(plainSpans(samples('.##..#'), 600)).toEqual([{ startMs: 200, endMs: 1000 }]);
  });
});
