import { describe, expect, it } from 'vitest';
import { wallMs } from '../base/time.ts';
import { makeSegment, NOON } from '../db/testing/records.ts';
import { chooseKeys, type KeyGrid } from './key-pictures.ts';

/** Two minutes, a key picture every two seconds. */
const MINUTES = [makeSegment(0), makeSegment(60_000)];

const grid = (fromMs: number, toMs: number, everyMs: number, limit = 100): KeyGrid => ({
  fromWallMs: wallMs(NOON + fromMs),
  toWallMs: wallMs(NOON + toMs),
  everyMs,
  limit,
});
const chosen = (segments: typeof MINUTES, wanted: KeyGrid) =>
  chooseKeys(segments, wanted).map(({ startWallMs }) => startWallMs - NOON);

describe('chooseKeys', () => {
  it('takes the last key picture at or before a moment', () => {
    expect(chosen(MINUTES, grid(3_999, 4_000, 1))).toEqual([2_000]);
    expect(chosen(MINUTES, grid(4_000, 4_001, 1))).toEqual([4_000]);
    expect(chosen(MINUTES, grid(61_000, 61_001, 1))).toEqual([60_000]);
    expect(chosen(MINUTES, grid(119_000, 119_001, 1))).toEqual([118_000]);
  });

  it('takes one for each step of the grid, across files', () => {
    expect(chosen(MINUTES, grid(1_000, 100_000, 20_000))).toEqual([0, 22_000, 42_000, 62_000, 82_000]);
    expect(chosen(MINUTES, grid(0, 9_000, 500))).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
    expect(chosen(MINUTES, grid(0, 9_000, 500, 2))).toEqual([0, 2_000]);
  });

  it('goes on behind a gap, and begins in one', () => {
    const split = [makeSegment(0), makeSegment(600_000)];
    expect(chosen(split, grid(50_000, 700_000, 30_000))).toEqual([50_000, 600_000, 620_000, 650_000]);
    expect(chosen(split.slice(1), grid(100_000, 610_000, 60_000))).toEqual([600_000]);
    expect(chosen([], grid(0, 1_000, 1))).toEqual([]);
  });

  it('leaves out fragments that begin with no key picture, and pictures that came before', () => {
    const fragments = makeSegment(0).fragments.map((one, i) => ({ ...one, isKey: i % 2 === 0 }));
    expect(chosen([makeSegment(0, { fragments })], grid(0, 13_000, 1_000))).toEqual([
      0, 4_000, 8_000, 12_000,
    ]);
    const reachesBack = [makeSegment(0), makeSegment(50_000)];
    expect(chosen(reachesBack, grid(46_000, 65_000, 2_000))).toEqual([
      46_000, 48_000, 50_000, 52_000, 54_000, 56_000, 58_000, 60_000, 62_000, 64_000,
    ]);
  });
});
