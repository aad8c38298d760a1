import type { Browser } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { RecordedSite } from './recorded-site.ts';

/** Of the demo camera's main stream. */
const RATE_FPS = 15;
const LOOP_FRAMES = 60 * RATE_FPS;

let browser: Browser | undefined;
let site: RecordedSite | undefined;
afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

browserTest(
  'what a recorder has just recorded is shown to the picture, to those alone who may see the camera',
  async () => {
    site = await RecordedSite.start({ config: { cameras: { yard: { url: 'demo:', mode: 'always' } } } });
    browser = await openBrowser();
    const page = await openPage(browser);
    await site.signIn(page);
    const { startMs } = await site.recorded(page, 'yard', 10_000);
    const first = await site.numberAt(page, 'yard', startMs + 1_000);
    for (const laterMs of [3_000, 7_533]) {
      const number = await site.numberAt(page, 'yard', startMs + 1_000 + laterMs);
      const moved = (number - first + LOOP_FRAMES) % LOOP_FRAMES;
      // The camera sends at its pace, give or take a picture.
      expect(Math.abs(moved - (laterMs * RATE_FPS) / 1_000)).toBeLessThanOrEqual(1);
    }

    const stranger = {
      name: 'stranger',
      password: 'somebody of another house',
      role: 'viewer',
      cameras: [],
    } as const;
    await site.addUser(page, stranger);
    const other = await openPage(browser);
    const paths = ['', `/${startMs}/init`, `/${startMs}/fragments/0`, '/keys', '/picture'];
    const statuses = async () =>
      await Promise.all(
        paths.map(async (path) => {
          const url = `${site?.url}api/cameras/yard/footage${path}?from=${startMs}&to=${startMs + 1}&at=${startMs}`;
          return (await other.request.get(url)).status();
        }),
      );
    expect(await statuses()).toEqual([401, 401, 401, 401, 401]);
    await site.signIn(other, stranger);
    expect(await statuses()).toEqual([404, 404, 404, 404, 404]);
  },
);
