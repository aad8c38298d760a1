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

browserTest('pictures are stepped through one by one, both ways, across files and gaps', async () => {
  const page = await open(['yard'], [0, 1, 5]);
  const step = async (direction: 1 | -1) => {
    await page.evaluate((way) => window.player.step(way), direction);
    return (await page.evaluate(() => window.player.nowMs())) - START;
  };
  const at = async () => await shownNumber(page, 'yard');
  await seek(page, START + 59_750);
  const moments: number[] = [];
  for (const direction of [1, 1, 1, 1, 1, -1, -1, -1, -1] as const) {
    const atMs = await step(direction);
    moments.push(atMs);
    expect(await at()).toBe(expected('yard', START + atMs));
  }
  expect(moments).toEqual([59_800, 59_900, 60_000, 60_100, 60_200, 60_100, 60_000, 59_900, 59_800]);
  await seek(page, START + 119_950);
  expect(await step(1)).toBe(300_000);
  expect(await at()).toBe(expected('yard', START + 300_000));
  await step(-1);
  expect(await at()).toBe(expected('yard', START + 119_999));
});

browserTest('it plays at any speed, either way, and stands still at the picture of its clock', async () => {
  const page = await open(['yard'], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // The slowest at which a machine that is busy still goes.
  for (const rate of [1, 4, 0.5, -1, 16, -16, 64]) {
    await seek(page, START + 290_000);
    await play(page, rate);
    await page.waitForFunction(([fromMs, movedMs]) => Math.abs(window.player.nowMs() - fromMs) > movedMs, [
      START + 290_000,
      1_500 * Math.abs(rate),
    ] as const);
    const { pictureMs, nowMs } = await page.evaluate(() => ({
      pictureMs: window.player.view.cameras[0]?.pictureMs ?? 0,
      nowMs: window.player.nowMs(),
    }));
    // Told four times a second, and key pictures are two seconds apart.
    expect(Math.abs(nowMs - pictureMs)).toBeLessThan(2_000 + 1_500 * Math.abs(rate));
    expect(Math.sign(nowMs - START - 290_000)).toBe(Math.sign(rate));
    await page.evaluate(() => window.player.pause());
    await page.waitForFunction(() => window.player.view.activity === 'paused');
    const stoppedMs = await page.evaluate(() => window.player.nowMs());
    expect([rate, await shownNumber(page, 'yard')]).toEqual([rate, expected('yard', stoppedMs)]);
  }
});

browserTest('playing leaps over gaps', async () => {
  const page = await open(['yard'], [0, 3]);
  await seek(page, START + 58_000);
  const shown = page.evaluate(async (untilMs) => {
    const pictures: number[] = [];
    await new Promise<void>((resolve) => {
      const look = () => {
        const at = window.player.view.cameras[0]?.pictureMs;
        if (at !== undefined && at !== pictures.at(-1)) pictures.push(at);
        if (window.player.nowMs() > untilMs) resolve();
        else requestAnimationFrame(look);
      };
      look();
    });
    return pictures;
  }, START + 182_000);
  await play(page, 1);
  const pictures = await shown;
  const [before, after] = [
    pictures.filter((at) => at < START + 60_000),
    pictures.filter((at) => at >= START + 180_000),
  ];
  expect(before.length + after.length).toBe(pictures.length);
  expect(Math.max(...before)).toBeGreaterThan(START + 59_500);
  expect(Math.min(...after)).toBeLessThan(START + 181_000);
});

browserTest('several cameras are in step', async () => {
  const page = await open(['yard', 'gate'], [0, 1]);
  await seek(page, START + 20_000);
  await play(page, 1);
  await page.waitForFunction((at) => window.player.nowMs() > at, START + 24_000);
  const apart = await page.evaluate(async () => {
    const differences: number[] = [];
    const videos = [...document.querySelectorAll('video')];
    for (let i = 0; i < 40; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const [one, other] = videos.map((video) => video.currentTime);
      differences.push(Math.abs((one ?? 0) - (other ?? 0)) * 1000);
    }
    return differences.toSorted((a, b) => a - b);
  });
  // The middle one: a busy machine may hold up one camera for a moment.
  expect(apart[20]).toBeLessThan(100);
});

browserTest('scrubbing shows key pictures near the pointer, and ends at the exact one', async () => {
  const page = await open(['yard'], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await seek(page, START);
  const shown = await page.evaluate(async (startMs) => {
    const pictures = new Set<number>();
    for (let i = 0; i < 100; i += 1) {
      window.player.scrub(startMs + i * 5_900);
      await new Promise((resolve) => setTimeout(resolve, 20));
      pictures.add(window.player.view.cameras[0]?.pictureMs ?? -1);
    }
    return [...pictures];
  }, START);
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.every((at) => (at - START) % 2_000 === 0)).toBe(true);
  await seek(page, START + 584_123);
  expect(await shownNumber(page, 'yard')).toBe(expected('yard', START + 584_123));
});

async function play(page: Page, rate: number): Promise<void> {
  await page.evaluate((speed) => {
    window.player.setRate(speed);
    window.player.play();
  }, rate);
}
