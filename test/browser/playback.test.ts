import type { Browser, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { frameAt } from '../footage/clip-footage.ts';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { makePlayer, seek, shownNumber } from './player-page.ts';
import { startPlayerSite, type PlayerSite } from './player-site.ts';

const SMALL: ClipSpec = {
  widthPx: 640,
  heightPx: 360,
  rateFps: 10,
  loopSeconds: 20,
  variant: 0,
  codec: 'h264',
  bitrateBps: 400_000,
  gopSeconds: 2,
  bFrames: 0,
  hasSound: false,
};
const START = Date.UTC(2026, 10, 27, 12);

let browser: Browser | undefined;
let site: PlayerSite | undefined;
afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

async function open(cameras: readonly string[], minutes: readonly number[], spec = SMALL): Promise<Page> {
  site = await startPlayerSite(cameras.map((camera) => ({ camera, spec, startWallMs: START, minutes })));
  browser = await openBrowser();
  const page = await openPage(browser);
  page.on('console', (message) => process.stdout.write(`page: ${message.text()}\n`));
  page.on('pageerror', (error) => process.stdout.write(`page: ${error.stack}\n`));
  await page.goto(site.url);
  await makePlayer(page, cameras);
  return page;
}

function expected(camera: string, atMs: number): number {
  const options = site?.cameras.get(camera);
  return options === undefined ? -1 : frameAt(options, atMs);
}

browserTest('a moment that is asked for is shown to the picture', async () => {
  const page = await open(['yard'], [0, 1]);
  for (const offsetMs of [0, 99, 100, 4_321, 59_999, 60_000, 77_777, 1_950]) {
    expect(await seek(page, START + offsetMs)).toBe(true);
    expect([offsetMs, await shownNumber(page, 'yard')]).toEqual([
      offsetMs,
      expected('yard', START + offsetMs),
    ]);
  }
});
