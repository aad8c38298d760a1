import type { Browser, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { frameAt } from '../footage/clip-footage.ts';
import { PATIENCE_MS } from '../patience.ts';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { makePlayer, seek, shownNumber } from './player-page.ts';
import { startPlayerSite, type PlayerSite } from './player-site.ts';
import type { SiteCamera } from './site-archive.ts';

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

declare global {
  interface Window {
    /** How far apart two cameras were each time that the first had moved, and where it was the last time. */
    looks?: { readonly differences: number[]; seconds: number };
  }
}

let browser: Browser | undefined;
let site: PlayerSite | undefined;
afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

async function open(cameras: readonly string[], minutes: readonly number[], spec = SMALL): Promise<Page> {
  return await openSite(cameras.map((camera) => ({ camera, spec, startWallMs: START, minutes })));
}

async function openSite(cameras: readonly SiteCamera[]): Promise<Page> {
  site = await startPlayerSite(cameras);
  browser = await openBrowser();
  const page = await openPage(browser);
  page.on('pageerror', (error) => process.stdout.write(`page: ${error.stack}\n`));
  await page.goto(site.url);
  await makePlayer(
    page,
    cameras.map(({ camera }) => camera),
  );
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
    // Clock and picture move, this way, and the picture is near the clock: it is told four times a second, and key
    // pictures are two seconds apart.
    await page.waitForFunction(
      ([fromMs, speed]) => {
        const [now, picture] = [window.player.nowMs(), window.player.view.cameras[0]?.pictureMs ?? fromMs];
        const [clockMoved, pictureMoved] = [now, picture].map((ms) => (ms - fromMs) * Math.sign(speed));
        const leastMs = 1_500 * Math.abs(speed);
        const isNear = Math.abs(now - picture) < 2_000 + leastMs;
        return (clockMoved ?? 0) > leastMs && (pictureMoved ?? 0) > leastMs / 2 && isNear;
      },
      [START + 290_000, rate] as const,
    );
    await page.evaluate(() => window.player.pause());
    await page.waitForFunction(() => window.player.view.activity === 'paused');
    const stoppedMs = await page.evaluate(() => window.player.nowMs());
    expect([rate, await shownNumber(page, 'yard')]).toEqual([rate, expected('yard', stoppedMs)]);
  }
});

browserTest('playing leaps over gaps', async () => {
  const page = await open(['yard'], [0, 3]);
  // So slowly that a busy machine, too, tells of pictures near the ends.
  const rate = 0.5;
  await seek(page, START + 59_000);
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
  }, START + 181_000);
  await play(page, rate);
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
  // Two seconds of them: in the middle they are less than a picture apart. A busy machine may hold one camera up for a while, and then
  // it is brought back into step.
  await page.waitForFunction(
    () => {
      const { differences } = (window.looks ??= { differences: [], seconds: NaN });
      const [one = NaN, other = NaN] = Array.from(
        document.querySelectorAll('video'),
        (video) => video.currentTime,
      );
      if (one === window.looks.seconds) return false;
      window.looks.seconds = one;
      differences.push(Math.abs(one - other) * 1000);
      const last = differences.slice(-40).toSorted((a, b) => a - b);
      return last.length === 40 && (last[20] ?? NaN) < 100;
    },
    undefined,
    { polling: 50 },
  );
});

browserTest('scrubbing shows key pictures near the pointer, and ends at the exact one', async () => {
  const page = await open(['yard'], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await seek(page, START);
  // Over it all a hundred times a while, as often as it takes until many were shown.
  const shown = await page.evaluate(
    async ([startMs, patienceMs]) => {
      const pictures = new Set<number>();
      const endMs = performance.now() + patienceMs;
      for (let i = 0; i < 100 || (pictures.size <= 10 && performance.now() < endMs); i += 1) {
        window.player.scrub(startMs + (i % 100) * 5_900);
        await new Promise((resolve) => setTimeout(resolve, 20));
        pictures.add(window.player.view.cameras[0]?.pictureMs ?? -1);
      }
      return [...pictures];
    },
    [START, PATIENCE_MS] as const,
  );
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.every((at) => (at - START) % 2_000 === 0)).toBe(true);
  await seek(page, START + 584_123);
  expect(await shownNumber(page, 'yard')).toBe(expected('yard', START + 584_123));
});

browserTest(
  'what the browser does not decode is shown as single pictures of the server, to the picture',
  async () => {
    // Refreshed stripe by stripe, which Chromium takes from a whole key picture on only: there is one every 40 s.
    const page = await open(['yard'], [0, 1, 3], { ...SMALL, loopSeconds: 40, isRefreshed: true });
    const view = async () => await page.evaluate(() => window.player.view.cameras[0]);
    const seesPicture = async (offsetMs: number, isServed: boolean) => {
      expect(await seek(page, START + offsetMs)).toBe(true);
      expect(await view()).toMatchObject({ isServed, problem: undefined, pictureMs: START + offsetMs });
      expect(await shownNumber(page, 'yard')).toBe(expected('yard', START + offsetMs));
    };
    await seesPicture(7_300, true);
    for (const rate of [1, 8, -1]) {
      await seek(page, START + 30_000);
      await play(page, rate);
      await page.waitForFunction(
        ([fromMs, speed]) => {
          const seen = window.player.view.cameras[0];
          return seen?.isServed === true && ((seen.pictureMs ?? fromMs) - fromMs) * Math.sign(speed) > 1_500;
        },
        [START + 30_000, rate] as const,
      );
      await page.evaluate(() => window.player.pause());
    }
    await page.evaluate((at) => window.player.scrub(at), START + 73_456);
    await page.waitForFunction((at) => window.player.view.cameras[0]?.pictureMs === at, START + 73_400);
    await seesPicture(73_500, true);
    // Played by the browser, up to a file that begins with none.
    await seesPicture(80_300, false);
    await play(page, 4);
    await page.waitForFunction((at) => {
      const seen = window.player.view.cameras[0];
      return seen?.isServed === true && (seen.pictureMs ?? 0) >= at;
    }, START + 180_000);
  },
);

/** Sound stops within a minute and comes back, and stops again up to the minute's end. */
async function openSilent(): Promise<Page> {
  const silences = [
    { fromSeconds: 9.3, toSeconds: 16.7 },
    { fromSeconds: 52.5, toSeconds: 60 },
  ];
  const spec = { ...SMALL, hasSound: true };
  return await openSite([{ camera: 'yard', spec, startWallMs: START, minutes: [0, 1], silences }]);
}

browserTest('what has a track of sound is played where no sound is in it, too', async () => {
  const page = await openSilent();
  // Into a silence and out of it; from within one; into one up to the end of a file, and into the next; to the end of all.
  for (const [fromMs, toMs] of [
    [8_000, 18_000],
    [13_000, 15_000],
    [51_000, 62_000],
    [117_000, 119_800],
  ] as const) {
    await seek(page, START + fromMs);
    await play(page, 2);
    await page.waitForFunction((at) => (window.player.view.cameras[0]?.pictureMs ?? 0) >= at, START + toMs);
    expect(await page.evaluate(() => window.player.view.cameras[0])).toMatchObject({
      isServed: false,
      problem: undefined,
    });
    await expectVideoShows(page, 'yard');
    expect(await page.evaluate(() => document.querySelector('video')?.buffered.length)).toBe(1);
    await page.evaluate(() => window.player.pause());
    await page.waitForFunction(() => window.player.view.activity === 'paused');
  }
});

browserTest('a page without WebCodecs shows moments at which no sound is', async () => {
  const page = await openSilent();
  await page.evaluate(() => Reflect.deleteProperty(window, 'VideoDecoder'));
  for (const offsetMs of [9_500, 55_000, 13_000, 58_500, 16_600]) {
    expect(await seek(page, START + offsetMs)).toBe(true);
    expect([offsetMs, await shownNumber(page, 'yard')]).toEqual([
      offsetMs,
      expected('yard', START + offsetMs),
    ]);
  }
});

browserTest(
  'it plays from where it is sent next, before the footage has come of where it was sent',
  async () => {
    const page = await open(['yard'], [0]);
    const playsFrom = async (offsetMs: number) =>
      await page.waitForFunction(
        (at) => (window.player.view.cameras[0]?.pictureMs ?? 0) >= at,
        START + offsetMs + 1_000,
      );
    await seek(page, START + 5_000);
    await play(page, 1);
    await playsFrom(5_000);
    // What a single picture is decoded from comes, what is played does not: fragments of two seconds.
    await page.route(/\/fragments\/20-\d+$/, () => undefined);
    await seek(page, START + 40_000);
    await page.waitForFunction(() => document.querySelector('video')?.seeking === true);
    await seek(page, START + 20_000);
    await playsFrom(20_000);
  },
);

/** While it plays: the picture on the screen is that of the view, or one shown before the view was read again. */
async function expectVideoShows(page: Page, camera: string): Promise<void> {
  const pictureMs = async () =>
    await page.evaluate(() => window.player.view.cameras[0]?.pictureMs ?? Number.NaN);
  const before = expected(camera, await pictureMs());
  const shown = (await shownNumber(page, camera)) ?? Number.NaN;
  // A view is told four times a second, at twice the speed of time.
  const after = expected(camera, (await pictureMs()) + 1_000);
  const loop = SMALL.loopSeconds * SMALL.rateFps;
  expect((shown - before + loop) % loop).toBeLessThanOrEqual((after - before + loop) % loop);
}

async function play(page: Page, rate: number): Promise<void> {
  await page.evaluate((speed) => {
    window.player.setRate(speed);
    window.player.play();
  }, rate);
}
