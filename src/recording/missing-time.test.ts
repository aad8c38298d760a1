import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { GapCause } from '../db/records.ts';
import { missingTime, type KnownTime } from './missing-time.ts';

const span = ([from, to]: readonly [number, number]) => ({
  startWallMs: wallMs(from),
  endWallMs: wallMs(to),
});

/** @param phases from when on which cause holds; undefined where footage is expected. */
function missing(
  phases: readonly (readonly [number, GapCause | undefined])[],
  recorded: readonly (readonly [number, number])[],
  troubles: readonly (readonly [number, number])[] = [],
): (readonly [number, number, GapCause])[] {
  const known: KnownTime = {
    ...span([0, 100_000]),
    phases: phases.map(([from, cause]) => ({
      fromWallMs: wallMs(from),
      reason: cause && { cause, detail: '' },
    })),
    recorded: recorded.map(span),
    troubles: troubles.map((trouble) => ({ ...span(trouble), detail: 'lost' })),
  };
  return missingTime(known).map(({ startWallMs, endWallMs, cause }) => [startWallMs, endWallMs, cause]);
}

describe('what was expected and is not recorded', () => {
  test('has the cause that ended it, and lacking that the one before it', () => {
    const phases = [
      [0, 'starting'],
      [10_000, undefined],
      [50_000, 'stalled'],
      [60_000, 'unreachable'],
      [70_000, undefined],
    ] as const;
    expect(
      missing(phases, [
        [12_000, 42_000],
        [71_000, 100_000],
      ]),
    ).toEqual([
      [0, 12_000, 'starting'],
      [42_000, 60_000, 'stalled'],
      [60_000, 71_000, 'unreachable'],
    ]);
  });

  test('is a hole where no cause is near: of the camera, if packets were lost; and none up to a second', () => {
    const recorded = [
      [0, 20_000],
      [21_000, 40_000],
      [41_001, 60_000],
      [65_000, 100_000],
    ] as const;
    expect(missing([[0, undefined]], recorded, [[66_000, 66_000]])).toEqual([
      [40_000, 41_001, 'stalled'],
      [60_000, 65_000, 'camera'],
    ]);
  });

  test('is not the fault of trouble that was before or long after', () => {
    const recorded = [
      [0, 60_000],
      [65_000, 100_000],
    ] as const;
    const troubles = [
      [50_000, 59_000],
      [68_000, 69_000],
    ] as const;
    expect(missing([[0, undefined]], recorded, troubles)).toEqual([[60_000, 65_000, 'stalled']]);
  });

  test('has at the end the cause that came about since', () => {
    const phases = [
      [0, undefined],
      [100_500, 'stalled'],
      [101_000, undefined],
    ] as const;
    expect(missing(phases, [[0, 60_000]])).toEqual([[60_000, 100_000, 'stalled']]);
  });

  test('is the disk’s at the end, where nothing else is known', () => {
    expect(missing([[0, undefined]], [[0, 60_000]])).toEqual([[60_000, 100_000, 'disk']]);
  });
});

test('footage counts, whatever was told of its time', () => {
  const phases = [
    [0, 'policy'],
    [50_000, 'unreachable'],
  ] as const;
  expect(missing(phases, [[30_000, 70_000]])).toEqual([
    [0, 30_000, 'policy'],
    [70_000, 100_000, 'unreachable'],
  ]);
  expect(missing(phases, [[-5_000, 120_000]])).toEqual([]);
});
