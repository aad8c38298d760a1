import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { makeGap, makeSegment, NOON } from '../db/testing/records.ts';
import { reportOnCameras, type ReportQuery } from './archive-gaps.ts';

let folder: string;
let index: SqliteIndex;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-gaps-'));
  index = SqliteIndex.open(join(folder, 'preroll.db'));
});
afterEach(async () => {
  index.close();
  await rm(folder, { recursive: true, force: true });
});

/** As seconds after noon: from, to, recorded, not accounted for. */
function reports(query: Partial<ReportQuery> = {}): (readonly [string, number, number, number, number])[] {
  const all = reportOnCameras(index, { cameras: [], configured: new Set(['yard']), ...query });
  return all.map((report) => [
    report.camera,
    (report.startWallMs - NOON) / 1000,
    (report.endWallMs - NOON) / 1000,
    report.recordedMs / 1000,
    report.unaccountedMs / 1000,
  ]);
}

const after = (second: number) => wallMs(NOON + second * 1000);

/** A minute of footage and a minute without, and so on. */
function fill(): void {
  index.apply([
    { type: 'gap', gap: makeGap(0, 10_000, { cause: 'starting' }) },
    { type: 'segment', segment: makeSegment(10_000) },
    { type: 'gap', gap: makeGap(70_000, 130_000) },
    { type: 'segment', segment: makeSegment(130_000) },
    { type: 'segment', segment: makeSegment(190_000) },
    { type: 'alive', atWallMs: after(240), isLeaving: false },
  ]);
}

test('accounts from the first thing known to what a living recorder has surely told', () => {
  fill();
  expect(reports()).toEqual([['yard', 0, 220, 150, 0]]);
  index.apply([{ type: 'alive', atWallMs: after(252), isLeaving: true }]);
  expect(reports()).toEqual([['yard', 0, 252, 180, 2]]);
});

test('accounts for what is asked, as far as the camera was known', () => {
  fill();
  expect(reports({ from: after(60), to: after(100) })).toEqual([['yard', 60, 100, 10, 0]]);
  expect(reports({ from: after(-60), to: after(20) })).toEqual([['yard', 0, 20, 10, 0]]);
  expect(reports({ from: after(300) })).toEqual([]);
});

test('names time of which nothing is told, also right at the beginning', () => {
  fill();
  index.apply([{ type: 'gap-withdrawn', camera: 'yard', startWallMs: after(70) }]);
  expect(reports({ from: after(80), to: after(140) })).toEqual([['yard', 80, 140, 10, 50]]);
});

test('lets the account of a camera that is configured no more end where it does', () => {
  fill();
  index.apply([{ type: 'alive', atWallMs: after(9000), isLeaving: true }]);
  expect(reports({ from: after(8000), to: after(8100) })).toEqual([['yard', 8000, 8100, 0, 100]]);
  expect(reports({ configured: new Set() })).toEqual([['yard', 0, 250, 180, 0]]);
});
