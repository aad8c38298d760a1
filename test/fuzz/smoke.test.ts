import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzzer.ts';
import { inputsOf, TARGETS } from './targets.ts';

/** The small version of `npm run fuzz`, always with the same inputs. */
const INPUTS = 10_000;
const SEED = 1;
/** Other tests run beside this one. */
const TIME_LIMIT_MS = 500;

describe('what a camera may send', () => {
  it.each(TARGETS.map((target) => ({ target, name: target.name })))(
    'never breaks a promise of $name',
    async ({ target }) => {
      const inputs = inputsOf(target, INPUTS);
      const report = await fuzz(target, {
        seed: SEED,
        from: 0,
        inputs,
        timeLimitMs: TIME_LIMIT_MS,
        memory: 'ignored',
      });
      expect(report.inputs).toBe(inputs);
      // A generator whose every input is refused at once tests nothing.
      expect(report.refused).toBeLessThan(inputs * 0.99);
    },
  );

  it('is as many inputs in all as asked for', () => {
    expect(TARGETS.reduce((sum, target) => sum + inputsOf(target, INPUTS), 0)).toBe(INPUTS);
  });
});
