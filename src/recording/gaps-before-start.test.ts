import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { Span } from '../db/archive-index.ts';
import type { GapCause } from '../db/records.ts';
import { gapsBeforeStart, type KnownBeforeStart } from './gaps-before-start.ts';

const BASE = Date.UTC(2026, 10, 20);
const at = (second: number) => wallMs(BASE + second * 1000);
const span = (from: number, to: number): Span => ({ startWallMs: at(from), endWallMs: at(to) });

function gapsOf(
  start: number,
  known: {
    readonly recorded?: readonly Span[];
    readonly gaps?: readonly (Span & { readonly cause: GapCause })[];
    readonly lastAlive?: KnownBeforeStart['lastAlive'];
    readonly isEnabled?: boolean;
  },
): readonly (readonly [number, number, string])[] {
  const gaps = (known.gaps ?? []).map((gap) => ({ camera: 'yard', detail: 'as told', ...gap }));
  return gapsBeforeStart({
    known: { camera: 'yard', recorded: known.recorded ?? [], gaps },
    lastAlive: known.lastAlive,
    fromWallMs: at(-3600),
    startedWallMs: at(start),
    isEnabled: known.isEnabled ?? true,
  }).map((gap) => [(gap.startWallMs - BASE) / 1000, (gap.endWallMs - BASE) / 1000, gap.cause]);
}

const alive = (second: number, isLeaving = false) => ({ atWallMs: at(second), isLeaving });

test('a recorder that was killed leaves a gap from the last footage on', () => {
  const known = { recorded: [span(0, 98)], gaps: [], lastAlive: alive(100) };
  expect(gapsOf(160, known)).toEqual([[98, 160, 'crash']]);
});

test('footage that was found behind the last sign of life counts', () => {
  expect(gapsOf(160, { recorded: [span(0, 103)], lastAlive: alive(100) })).toEqual([[103, 160, 'crash']]);
});

test('a recorder that was stopped says so', () => {
  const gaps = [{ ...span(98, 100), cause: 'shutdown' as const }];
  const known = { recorded: [span(0, 98)], gaps, lastAlive: alive(100, true) };
  expect(gapsOf(160, known)).toEqual([[100, 160, 'shutdown']]);
});

test('a gap that was growing when the recorder was killed reaches up to its last sign of life', () => {
  const gaps = [{ ...span(50, 92), cause: 'unreachable' as const }];
  expect(gapsOf(160, { recorded: [span(0, 50)], gaps, lastAlive: alive(100) })).toEqual([
    [50, 100, 'unreachable'],
    [100, 160, 'crash'],
  ]);
});

test('a camera that was and is disabled was disabled meanwhile too', () => {
  const gaps = [{ ...span(0, 95), cause: 'disabled' as const }];
  const known = { gaps, lastAlive: alive(100) };
  expect(gapsOf(160, { ...known, isEnabled: false })).toEqual([[0, 160, 'disabled']]);
  expect(gapsOf(160, known)).toEqual([
    [0, 100, 'disabled'],
    [100, 160, 'crash'],
  ]);
});

test('a camera that was not in the configuration meanwhile was disabled', () => {
  expect(gapsOf(9000, { recorded: [span(0, 500)], lastAlive: alive(8000, true) })).toEqual([
    [500, 8000, 'disabled'],
    [8000, 9000, 'shutdown'],
  ]);
});

test('what was not accounted for before is unknown', () => {
  const known = { recorded: [span(0, 40), span(70, 98)], lastAlive: alive(100) };
  expect(gapsOf(160, known)).toEqual([
    [40, 70, 'unknown'],
    [98, 160, 'crash'],
  ]);
});

test('a gap of which the end was not told any more ends where the footage after it begins', () => {
  const gaps = [{ ...span(40, 60), cause: 'stalled' as const }];
  const known = { recorded: [span(0, 40), span(66, 68)], gaps, lastAlive: alive(68) };
  expect(gapsOf(160, known)).toEqual([
    [40, 66, 'stalled'],
    [68, 160, 'crash'],
  ]);
});

test('a new camera has no gap, and one of an index without a sign of life an unknown one', () => {
  expect(gapsOf(160, { lastAlive: alive(100) })).toEqual([]);
  expect(gapsOf(160, { recorded: [span(0, 100)] })).toEqual([[100, 160, 'unknown']]);
});

test('a leap of the clock that was taken back accounts for nothing that came after', () => {
  const gaps = [
    { ...span(50, 3650), cause: 'clock' as const },
    { ...span(80, 100), cause: 'unreachable' as const },
  ];
  const known = { recorded: [span(0, 50), span(60, 80)], gaps, lastAlive: alive(100) };
  expect(gapsOf(160, known)).toEqual([[100, 160, 'crash']]);
});

test('a clock that has gone back since leaves nothing to account for', () => {
  expect(gapsOf(50, { recorded: [span(0, 98)], lastAlive: alive(100) })).toEqual([]);
});
