import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { inject, test } from 'vitest';
import { PATIENCE_MS } from '../patience.ts';
import { launchChromium } from './launch-chromium.ts';

const found = inject('chromium');

/** A test that needs a browser; skipped where there is none, which `setup.ts` has told. */
export const browserTest = found.kind === 'found' ? test : test.skip;

export const DESKTOP = { width: 1_440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A browser of its own for each test. */
export async function openBrowser(): Promise<Browser> {
  return await launchChromium(found);
}

export interface OpenPageOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly isPhone?: boolean;
  readonly colorScheme?: 'dark' | 'light';
  readonly locale?: string;
}

/** A page with a fresh profile. Closing its context forgets all. */
export async function openPage(browser: Browser, options: OpenPageOptions = {}): Promise<Page> {
  const {
    isPhone = false,
    viewport = isPhone ? PHONE : DESKTOP,
    colorScheme = 'dark',
    locale = 'en-GB',
  } = options;
  const phone: BrowserContextOptions = isPhone
    ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
    : {};
  const context: BrowserContext = await browser.newContext({
    viewport,
    colorScheme,
    locale,
    ignoreHTTPSErrors: true,
    ...phone,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}
