import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const KNOWN = ['preRoll', 'postRoll', 'initialWait', 'minimalDuration', 'url'];

test.each([
  ['preRol', 'preRoll'],
  ['PREROLL', 'preRoll'],
  ['perRoll', 'preRoll'],
  ['pstRoll', 'postRoll'],
  ['initalWiat', 'initialWait'],
  ['minDuration', 'minimalDuration'],
  ['ulr', 'url'],
])('takes %s for %s', (written, meant) => {
  expect(nearestName(written, KNOWN)).toBe(meant);
});

test.each(['zork', 'x', '', 'x'.repeat(100_000)])('takes %.20s for none', (written) => {
  expect(nearestName(written, KNOWN)).toBeUndefined();
});
