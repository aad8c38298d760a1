import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../sources/free-port.ts';
import { PATIENCE_MS } from '../patience.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest, openBrowser, openPage, type OpenPageOptions } from './browser.ts';
import { shownNumber } from './player-page.ts';
import { RecordedSite } from './recorded-site.ts';
import { openSignedIn } from './signed-in-page.ts';
import { startStubSite, type StubAnswer, type StubAnswers } from './stub-site.ts';

const TWO_CAMERAS = { cameras: { front: { url: 'demo:' }, yard: { url: 'demo:' } } };
/** Between two looks at the picture: some pictures, also of a busy machine. */
const LOOK_EVERY_MS = 500;

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

describe('a recorder with two cameras', () => {
  let site: RecordedSite | undefined;

  beforeAll(async () => {
    site = await RecordedSite.start({ config: TWO_CAMERAS });
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  async function openLive(look: OpenPageOptions = {}): Promise<Page> {
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const page = await openPage(browser, look);
    await site?.signIn(page);
    await page.goto(`${site?.url}live`);
    return page;
  }

  browserTest('the grid shows moving pictures, and an event appears by itself', async () => {
    const page = await openLive();
    await moves(page, 'front');
    await moves(page, 'yard');
    await tile(page, 'front').getByText('Event: motion').waitFor({ state: 'attached' });
    await tile(page, 'front').getByText('Recording', { exact: true }).waitFor({ state: 'attached' });
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  browserTest('a phone has one column, with pictures as wide as it is', async () => {
    const page = await openLive({ isPhone: true, colorScheme: 'light' });
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

  browserTest(
    'a camera is enlarged in its main stream, zoomed, and an event of it opened by hand',
    async () => {
      const page = await openLive();
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

  browserTest(
    'what is arranged by keys and saved as a layout is there again after loading anew',
    async () => {
      const page = await openLive();
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
      await expect.poll(async () => (await place('yard')) - (await place('front'))).toBeLessThan(0);

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
      await expect.poll(() => page.locator('[data-camera]').count()).toBe(1);
      await page.getByRole('button', { name: 'Layout:' }).click();
      await page.getByRole('menuitemradio', { name: 'All cameras' }).click();
      await tile(page, 'yard').waitFor();
    },
  );
});

/** Other systems tell no children of a process. */
const linuxTest = process.platform === 'linux' ? browserTest : test.skip;

linuxTest(
  'pictures come again after the process of the web server was killed, without loading anew',
  async () => {
    const { page, site } = await openSignedIn({ port: await freePort() });
    await page.goto(`${site.url}live`);
    await moves(page, 'yard');
    const [web] = await site.recorder.children('web-main');
    expect(web).toBeDefined();
    process.kill(web ?? Number.NaN, 'SIGKILL');
    await page.locator('[data-activity="server-away"]').waitFor();
    await moves(page, 'yard');
  },
);

/** A page of a stub that tells of one camera. */
async function openStub(path: string) {
  const answers: StubAnswers = new Map();
  answers.set('GET api/session', {
    status: 200,
    body: { user: { name: 'anna', role: 'admin', cameras: null } },
  });
  answers.set('GET api/cameras', yardThat({ state: 'playing' }));
  const stub = await startStubSite(answers);
  onTestFinished(() => stub[Symbol.asyncDispose]());
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await openPage(browser);
  const isAsked = page
    .waitForEvent('websocket', (socket) => socket.url().endsWith('api/live'))
    .then((socket) => socket.waitForEvent('framesent'));
  await page.goto(`${stub.url}${path}`);
  await isAsked;
  return { page, stub };
}

function yardThat(stream: object): StubAnswer {
  const yard = {
    camera: 'yard',
    stream,
    mode: 'always',
    recording: false,
    failure: null,
    held: [],
    event: null,
    video: null,
    audio: null,
    hasSub: false,
    fallbacks: [],
    analysis: null,
    recorded: null,
  };
  return { status: 200, body: { cameras: [yard], away: null } };
}

browserTest('a camera that is shown as single pictures and goes away is told to be away', async () => {
  const { page, stub } = await openStub('live');
  await stub.sendChange({ t: 'error', code: 'codec', message: 'none of its streams' });
  await tile(page, 'yard').getByText('single pictures').waitFor();
  stub.answers.set('GET api/cameras', yardThat({ state: 'waiting', reason: 'no route to host' }));
  await stub.sendChange({ type: 'camera' });
  await tile(page, 'yard').getByText('no route to host').waitFor();
  expect(await tile(page, 'yard').getByText('single pictures').count()).toBe(0);
});

browserTest(
  'how motion is seen is told to be lost with its connection, and is seen again when told to',
  async () => {
    const { page, stub } = await openStub('live?camera=yard');
    await page.getByRole('button', { name: 'How motion is seen' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Waiting for a picture').waitFor();
    stub.refuseSockets(true);
    await dialog.getByRole('alert').getByText('The connection was lost.').waitFor();
    // The stub has no layouts, for which it is asked again when the connection is back: what is open stays open.
    const isAskedAgain = page.waitForResponse((answer) => answer.url().endsWith('api/layouts'));
    stub.refuseSockets(false);
    await isAskedAgain;
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('Waiting for a picture').waitFor();
    expect(await dialog.getByRole('alert').count()).toBe(0);
  },
);
