import type { TestProject } from 'vitest/node';
import { findChromium, type FoundChromium } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly chromium: FoundChromium;
  }
}

/** Finds the browser once for all browser tests, and says clearly when they are skipped. */
export default async function setup(project: TestProject): Promise<void> {
  const chromium = await findChromium();
  if (chromium.kind === 'none') {
    process.stderr.write(`\nBROWSER TESTS ARE SKIPPED: ${chromium.reason}.\n\n`);
  }
  project.provide('chromium', chromium);
}
