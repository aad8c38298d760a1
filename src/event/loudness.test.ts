import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { Loudness } from './loudness.ts';

/** Levels a tenth of a second apart, and since when it was loud for long enough. */
function hear(levels: readonly number[], durationMs: number): (number | undefined)[] {
  const loudness = new Loudness({ levelDbfs: -20, durationMs });
  return levels.map((dbfs, i) => loudness.next(wallMs(i * 100), { dbfs, lastsMs: 100 }));
}

test('is loud from the beginning of sound that lasts', () => {
  expect(hear([-50, -20, -10, -15, -21], 200)).toEqual([undefined, undefined, 100, 100, undefined]);
});

test('is not loud for a knock that is shorter, nor for several', () => {
  expect(hear([-5, -30, -5, -30, -5], 200)).toEqual(Array.from({ length: 5 }));
});

test('is loud at once where no duration is asked for', () => {
  expect(hear([-30, -19], 0)).toEqual([undefined, 100]);
});
