import { expect, test } from 'vitest';
import { CHILD_TRIALS, fuzzChild } from '../fuzz/children/fuzz-children.ts';
import { recordBesideHostile } from '../fuzz/children/hostile-neighbours.ts';

/** The small version of what `npm run fuzz` does with child processes, always with the same packets. */
const PACKETS = 200;
const SEED = 1;

test.each(CHILD_TRIALS)('damaged packets cost $name some of them, and not its life', async (trial) => {
  const { answered, deaths } = await fuzzChild(trial, PACKETS, SEED);
  expect(deaths).toEqual([]);
  expect(answered).toBeGreaterThan(0);
});

test('AAC that turns out to have 37 channels does not cost the sound process its life', async () => {
  const aac = CHILD_TRIALS.filter(({ name }) => name === 'sound-aac');
  for (const trial of aac) expect((await fuzzChild(trial, 500, SEED, 7_000)).deaths).toEqual([]);
  expect(aac).toHaveLength(1);
});

test('cameras that send damaged packets cost the one beside them nothing', async () => {
  const { ended, healthy, sent } = await recordBesideHostile(PACKETS, SEED);
  expect(ended).toEqual({ code: 0, by: null });
  expect(healthy).toMatchObject({ broken: 0, missing: 0, doubled: 0, reordered: 0 });
  expect(healthy.frames).toBeGreaterThan(0.8 * sent);
});
