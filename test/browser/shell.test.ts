import type { Browser } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { startStubSite, type StubSite } from './stub-site.ts';

let browser: Browser;
let site: StubSite;

async function open(basePath?: string): Promise<void> {
  browser = await openBrowser();
  site = await startStubSite(new Map(), basePath);
}

afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

browserTest('each place is gone to by the navigation, and its address opens it again', async () => {
  await open('/some/path/');
  const page = await openPage(browser);
  await page.goto(site.url);
  for (const name of ['Live', 'Timeline', 'Events', 'Exports', 'Settings']) {
    await page.getByRole('link', { name }).click();
    await page.locator('nav a[aria-current=page]', { hasText: name }).waitFor();
    expect(page.url()).toBe(`${site.url}${name.toLowerCase()}`);
    await page.reload();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  }
});

browserTest('the app speaks the language of the browser', async () => {
  await open();
  const page = await openPage(browser, { locale: 'de-CH' });
  await page.goto(`${site.url}events`);
  await page.getByRole('heading', { name: 'Ereignisse' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
});
