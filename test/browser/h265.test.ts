import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { findFirefox, launchFirefox } from './firefox.ts';
import { burntNumberOf, shownCorner } from './player-page.ts';
import { ADMIN, RecordedSite } from './recorded-site.ts';

/*
 * A camera whose main stream is H.265 and whose sub-stream is H.264, as most new ones are: a browser that plays H.265 shows the
 * one, another browser the other and says so.
 */

const MAIN = { ...TINY, widthPx: 640, heightPx: 360, codec: 'h265', bitrateBps: 500_000 } as const;
const LOOP_FRAMES = MAIN.loopSeconds * MAIN.rateFps;

const firefox = await findFirefox();
const firefoxTest = firefox === undefined ? test.skip : test;
if (firefox === undefined) {
  process.stderr.write(
    '\nTHE TEST OF H.265 IS SKIPPED: no Firefox is installed (firefox-esr in Debian).\n\n',
  );
}

let camera: FakeCamera;
let site: RecordedSite;

beforeEach(async () => {
  const [main, sub] = [await testClip(MAIN), await testClip(TINY)];
  camera = await FakeCamera.start({ clock: systemClock, main, sub, name: 'gate' });
  const gate = { url: camera.url, subUrl: camera.subUrl, mode: 'always' };
  const lone = { url: camera.url, mode: 'always' };
  site = await RecordedSite.start({ config: { cameras: { gate, lone } } });
  await site.recorder.says('[gate] connected');
  await site.recorder.says('[lone] connected');
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await camera[Symbol.asyncDispose]();
});

/** In the page: how wide the picture is that is played; 0 while none is. */
function shownWidthPx(): number {
  return document.querySelector<HTMLVideoElement>('[data-camera="gate"] video')?.videoWidth ?? 0;
}

firefoxTest('Firefox plays the main stream in H.265, picture by picture', async () => {
  const browser = await launchFirefox(firefox ?? '');
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.evaluate(
      async (account) =>
        (
          await fetch('api/session', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(account),
          })
        ).status,
      ADMIN,
    );
    await page.goto(`${site.url}live?camera=gate`);
    await expect.poll(() => page.evaluate(shownWidthPx)).toBe(MAIN.widthPx);
    const read = new Set<number>();
    await expect
      .poll(
        async () => {
          const number = burntNumberOf(await page.evaluate(shownCorner, 'gate'));
          if (number !== undefined) read.add(number);
          return read.size;
        },
        { interval: 500 },
      )
      .toBeGreaterThan(2);
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('H.265');
  } finally {
    await browser.close();
  }
});

browserTest('a browser without H.265 is shown the sub-stream instead, and told why', async () => {
  const browser = await openBrowser();
  try {
    const page = await openPage(browser);
    await site.signIn(page);
    await page.goto(`${site.url}live?camera=gate`);
    const playsH265 = await page.evaluate(() =>
      MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L120.90"'),
    );
    await expect.poll(() => page.evaluate(shownWidthPx)).toBe(playsH265 ? MAIN.widthPx : TINY.widthPx);
    await expect.poll(() => page.getByText('This browser does not play').count()).toBe(playsH265 ? 0 : 1);
  } finally {
    await browser.close();
  }
});

browserTest('a browser without H.265 shows a camera that has nothing else as single pictures', async () => {
  const browser = await openBrowser();
  try {
    const page = await openPage(browser);
    await site.signIn(page);
    await page.goto(`${site.url}live?camera=lone`);
    const tile = page.locator('[data-camera="lone"]');
    if (await page.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L120.90"')))
      return;
    const still = tile.locator('img[data-still]');
    await still.waitFor();
    const pictures = new Set<string>();
    await expect
      .poll(async () => {
        const { widthPx, src } = await still.evaluate((img: HTMLImageElement) => ({
          widthPx: img.naturalWidth,
          src: img.currentSrc,
        }));
        if (widthPx === MAIN.widthPx) pictures.add(src);
        return pictures.size;
      })
      .toBeGreaterThan(1);
    expect(await tile.getByText('single pictures').count()).toBe(1);

    const { startMs } = await site.recorded(page, 'lone', 4_000);
    const servedAt = async (offsetMs: number) => {
      const number = await site.numberAt(page, 'lone', startMs + offsetMs);
      expect(await page.getByText('single pictures').count()).toBe(1);
      return number;
    };
    const [first, second] = [await servedAt(1_000), await servedAt(3_500)];
    // The camera sends at its pace, give or take a picture.
    expect(Math.abs(((second - first + LOOP_FRAMES) % LOOP_FRAMES) - 2.5 * MAIN.rateFps)).toBeLessThan(2);
  } finally {
    await browser.close();
  }
});
