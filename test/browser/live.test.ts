import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults } from './axe.ts';
import { browserTest, PATIENCE_MS, type OpenPageOptions } from './browser.ts';
import { shownNumber } from './player-page.ts';
import type { RecordedSiteOptions } from './recorded-site.ts';
import { openSignedIn } from './signed-in-page.ts';

const TWO_CAMERAS = { cameras: { front: { url: 'demo:' }, yard: { url: 'demo:' } } };
/** Between two looks at the picture: some pictures, also of a busy machine. */
const LOOK_EVERY_MS = 500;

async function openLive(options: RecordedSiteOptions, look: OpenPageOptions = {}) {
  const opened = await openSignedIn(options, look);
  await opened.page.goto(`${opened.site.url}live`);
  return opened;
}

function tile(page: Page, camera: string): Locator {
  return page.locator(`[data-camera="${camera}"]`);
}

/** Waits until the pictures of a camera go on: numbers that are burnt into them are read back. */
async function moves(page: Page, camera: string): Promise<void> {
  await page.locator(`[data-camera="${camera}"][data-activity="live"]`).waitFor();
  const read = new Set<number>();
  const until = Date.now() + PATIENCE_MS;
  while (read.size < 3) {
    if (Date.now() > until)
      throw new Error(`${camera}: only the pictures ${[...read].join(', ')} were shown`);
    const number = await shownNumber(page, camera);
    if (number !== undefined) read.add(number);
    await page.waitForTimeout(LOOK_EVERY_MS);
  }
}

function pictureWidth(page: Page, camera: string, widthPx: number): Promise<unknown> {
  return page.waitForFunction(
    ([name, width]) =>
      document.querySelector<HTMLVideoElement>(`[data-camera="${name}"] video`)?.videoWidth === width,
    [camera, widthPx] as const,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on TCP.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

browserTest('the grid shows moving pictures, and an event appears by itself', async () => {
  const { page } = await openLive({ config: TWO_CAMERAS });
  await moves(page, 'front');
  await moves(page, 'yard');
  await tile(page, 'front').getByText('Event: motion').waitFor({ state: 'attached' });
  await tile(page, 'front').getByText('Recording', { exact: true }).waitFor({ state: 'attached' });
  expect(await accessibilityFaults(page)).toEqual([]);
});

browserTest(
  'a camera is enlarged in its main stream, zoomed, and an event of it opened by hand',
  async () => {
    const { page } = await openLive({ config: TWO_CAMERAS });
    await moves(page, 'yard');
    await pictureWidth(page, 'yard', 640);
    await page.getByRole('button', { name: 'Enlarge yard' }).click();
    await pictureWidth(page, 'yard', 1280);
    await moves(page, 'yard');
    expect(page.url()).toContain('camera=yard');
    expect(await accessibilityFaults(page)).toEqual([]);

    await tile(page, 'yard').locator('video').hover();
    await page.mouse.wheel(0, -300);
    await page.getByRole('button', { name: 'Zoom out' }).click();

    await page.getByRole('button', { name: 'Record an event now' }).click();
    await page.getByRole('button', { name: 'End the event' }).click();
    await page.getByRole('button', { name: 'Record an event now' }).waitFor();

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save a picture' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^yard \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.jpg$/);

    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Enlarge front' }).waitFor();
    await pictureWidth(page, 'yard', 640);
  },
);

browserTest('what is arranged by keys and saved as a layout is there again after loading anew', async () => {
  const { page } = await openLive({ config: TWO_CAMERAS });
  /** In the order of reading. */
  const place = (camera: string): Promise<number> =>
    tile(page, camera).evaluate(({ style }) => 10_000 * parseFloat(style.top) + parseFloat(style.left));
  const front = page.getByRole('button', { name: 'Enlarge front' });
  await front.waitFor();
  expect(await place('front')).toBeLessThan(await place('yard'));
  const isSaved = page.waitForResponse((answer) => answer.request().method() === 'PUT');
  await front.press('Shift+ArrowRight');
  await isSaved;
  await page.reload();
  await front.waitFor();
  expect(await place('yard')).toBeLessThan(await place('front'));

  await page.getByRole('button', { name: 'Layout:' }).click();
  await page.getByRole('menuitem', { name: 'Save as a layout' }).click();
  await page.getByLabel('Name').fill('Doors');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Arrange' }).click();
  await page.getByRole('button', { name: 'Take yard out of this layout' }).click();
  await tile(page, 'yard').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await front.waitFor();
  expect(await page.locator('[data-camera]').count()).toBe(1);
  await page.getByRole('button', { name: 'Layout:' }).click();
  await page.getByRole('menuitemradio', { name: 'All cameras' }).click();
  await tile(page, 'yard').waitFor();
});

/** Other systems tell no children of a process. */
const linuxTest = process.platform === 'linux' ? browserTest : test.skip;

linuxTest(
  'pictures come again after the process of the web server was killed, without loading anew',
  async () => {
    const { page, site } = await openLive({ port: await freePort() });
    await moves(page, 'yard');
    const [web] = await site.recorder.children('web-main');
    expect(web).toBeDefined();
    process.kill(web ?? Number.NaN, 'SIGKILL');
    await page.locator('[data-activity="server-away"]').waitFor();
    await moves(page, 'yard');
  },
);

browserTest('a phone has one column, with pictures as wide as it is', async () => {
  const { page } = await openLive({ config: TWO_CAMERAS }, { isPhone: true, colorScheme: 'light' });
  await moves(page, 'front');
  const boxes = await page.locator('[data-camera]').evaluateAll((tiles) =>
    tiles.map((element) => {
      const { left, width } = element.getBoundingClientRect();
      return [left, Math.round(width)];
    }),
  );
  expect(boxes).toEqual([
    [0, 390],
    [0, 390],
  ]);
  expect(await accessibilityFaults(page)).toEqual([]);
});
