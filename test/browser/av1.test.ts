import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { shownNumber } from './player-page.ts';
import { RecordedSite } from './recorded-site.ts';

/*
 * A camera that sends AV1: nothing of it is encoded again on its way to the screen.
 */

const MAIN = { ...TINY, widthPx: 640, heightPx: 360, codec: 'av1', bitrateBps: 500_000 } as const;
const LOOP_FRAMES = MAIN.loopSeconds * MAIN.rateFps;

let camera: FakeCamera;
let site: RecordedSite;
let browser: Browser;

beforeEach(async () => {
  camera = await FakeCamera.start({ clock: systemClock, main: await testClip(MAIN), name: 'gate' });
  site = await RecordedSite.start({ config: { cameras: { gate: { url: camera.url, mode: 'always' } } } });
  await site.recorder.says('[gate] connected');
  browser = await openBrowser();
});
afterEach(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
  await camera[Symbol.asyncDispose]();
});

browserTest('is shown live, at any moment of the past, played from there, and as a snapshot', async () => {
  const page = await openPage(browser);
  await site.signIn(page);

  const seeMoving = async () => {
    const read = new Set<number>();
    const look = async () => {
      const number = await shownNumber(page, 'gate');
      if (number !== undefined) read.add(number);
      return read.size;
    };
    await expect.poll(look).toBeGreaterThan(2);
  };
  await page.goto(`${site.url}live?camera=gate`);
  await seeMoving();

  const { startMs } = await site.recorded(page, 'gate', 5_000);
  const first = await site.numberAt(page, 'gate', startMs + 1_000);
  // No key picture, nor the one after it.
  const second = await site.numberAt(page, 'gate', startMs + 3_550);
  // The camera sends at its pace, give or take a picture.
  expect(Math.abs(((second - first + LOOP_FRAMES) % LOOP_FRAMES) - 2.55 * MAIN.rateFps)).toBeLessThan(2);
  await page.keyboard.press('Space');
  await seeMoving();

  const snapshot = await page.request.get(`${site.url}api/cameras/gate/snapshot`);
  expect(snapshot.status()).toBe(200);
  expect(snapshot.headers()['content-type']).toBe('image/jpeg');
});
