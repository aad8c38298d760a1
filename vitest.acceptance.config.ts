import { defineConfig } from 'vitest/config';

/** `npm run acceptance`: the built recorder against another's cameras. Real time, real processes, one test after the other. */
export default defineConfig({
  test: {
    include: ['test/acceptance/*.acceptance.ts'],
    globalSetup: ['test/acceptance/setup.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
  },
});
