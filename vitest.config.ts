import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PATIENCE_MS } from './test/patience.ts';

const PATIENCE = {
  testTimeout: 3 * PATIENCE_MS,
  hookTimeout: 3 * PATIENCE_MS,
  expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
};

/** Run the whole program. */
const WHOLE = ['test/e2e/**', 'test/browser/**'];
/** Replace modules (`vi.mock`). */
const MOCKED = '**/*.mocked.test.ts';

/** Those of `test/e2e` that take a minute or more, whatever their size. */
const LONG = ['accounting', 'sources', 'sound', 'reencode'];

/** Begins with those that take longest, so that in the end none is waited for alone. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = LONG.findIndex((name) => moduleId.endsWith(`/test/e2e/${name}.test.ts`));
      return rank < 0 ? LONG.length : rank;
    };
    // No array's.
    // oxlint-disable-next-line unicorn/no-array-sort
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

export default defineConfig({
  test: {
    ...PATIENCE,
    sequence: { sequencer: LongFirst },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...WHOLE, MOCKED],
          // They share what they import, for loading it anew for each file costs more than the tests do.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'mocked',
          include: [MOCKED],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          globalSetup: ['test/browser/setup.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
