import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: pictures of every page, desktop and phone, dark and light, in `.cache/screenshots`. */
export default defineConfig({
  test: {
    include: ['test/browser/*.screenshots.ts'],
    globalSetup: ['test/browser/setup.ts'],
    testTimeout: 900_000,
  },
});
