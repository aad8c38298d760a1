import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { openBrowser, openPage, type OpenPageOptions } from './browser.ts';
import { RecordedSite, type RecordedSiteOptions } from './recorded-site.ts';

/** A recorder and a page of it, signed in as its administrator. Both are there until the test has ended. */
export async function openSignedIn(
  options: RecordedSiteOptions,
  look: OpenPageOptions = {},
): Promise<{ readonly page: Page; readonly site: RecordedSite }> {
  const site = await RecordedSite.start(options);
  onTestFinished(() => site[Symbol.asyncDispose]());
  const browser = await openBrowser();
  // The last one first.
  onTestFinished(() => browser.close());
  const page = await openPage(browser, look);
  await site.signIn(page);
  return { page, site };
}
