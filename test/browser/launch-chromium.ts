import { chromium, type Browser } from 'playwright-core';
import type { FoundChromium } from './chromium.ts';

/** A browser with a profile of its own, that touches nothing but this machine. @throws Error where none was found. */
export async function launchChromium(found: FoundChromium): Promise<Browser> {
  if (found.kind === 'none') throw new Error(found.reason);
  return await chromium.launch({
    executablePath: found.path,
    args: [
      // Containers often lack what the sandbox needs; the pages are our own.
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}
