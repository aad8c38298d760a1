import type { Browser, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { wallMs } from '../../src/base/time.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { frameAt } from '../footage/clip-footage.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest, openBrowser, openPage, type OpenPageOptions } from './browser.ts';
import { shownNumber } from './player-page.ts';
import { startTimelineSite, type TimelineSite } from './timeline-site.ts';

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
const MINUTE_MS = 60_000;
/** A full hour, so that what is drawn is where it is expected. */
const START = Math.floor((Date.now() - 8 * 60 * MINUTE_MS) / 3_600_000) * 3_600_000;

let browser: Browser | undefined;
let site: TimelineSite | undefined;
afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

const minutes = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

/** Six hours: an hour in which the camera was away is missing, two events, and some motion. */
async function open(search: string, options: OpenPageOptions = {}): Promise<Page> {
  const recorded = [...minutes(0, 120), ...minutes(180, 360)];
  site = await startTimelineSite([
    { camera: 'yard', spec: SMALL, startWallMs: START, minutes: recorded },
    { camera: 'gate', spec: { ...SMALL, variant: 1 }, startWallMs: START, minutes: minutes(0, 240) },
  ]);
  const { index } = site.archive;
  const at = (minute: number) => wallMs(START + minute * MINUTE_MS);
  const intensity = Uint8Array.from(
    { length: 360 * 6 },
    (_, slot) => 1 + Math.round(120 * (1 + Math.sin(slot / 20))),
  );
  index.apply([
    {
      type: 'gap',
      gap: {
        camera: 'yard',
        startWallMs: at(120),
        endWallMs: at(180),
        cause: 'unreachable',
        detail: 'no route to host',
      },
    },
    ...[30, 200].map((minute) => ({ type: 'event', event: event(minute) }) as const),
    { type: 'motion', motion: { camera: 'yard', startWallMs: at(0), intensity } },
  ]);
  browser = await openBrowser();
  const page = await openPage(browser, options);
  page.on('pageerror', (error) => process.stdout.write(`page: ${error.stack}\n`));
  await page.goto(`${site.url}timeline${search}`);
  await page.getByTestId('timeline-canvas').locator('canvas').waitFor();
  return page;
}

function event(minute: number) {
  const triggerMs = START + minute * MINUTE_MS;
  return {
    camera: 'yard',
    triggerWallMs: wallMs(triggerMs),
    fromWallMs: wallMs(triggerMs - 5_000),
    untilWallMs: wallMs(triggerMs + 4 * MINUTE_MS),
    isOpen: false,
    causes: ['motion'],
    zones: ['drive'],
    score: 900,
    peakScore: 4_000,
    isKept: false,
    detail: {},
    thumbnail: undefined,
  };
}

const linkTo = (minute: number, spanS: number, camera = 'yard') =>
  `?camera=${camera}&at=${new Date(START + minute * MINUTE_MS).toISOString()}&span=${spanS}`;

/** The moment in the address, which follows what is shown. */
function addressMs(page: Page): number {
  return Date.parse(new URL(page.url()).searchParams.get('at') ?? '');
}

/** Waits until the picture on screen is the one of a moment, to the picture. */
async function untilShown(page: Page, atMs: number, camera = 'yard'): Promise<void> {
  const options = site?.archive.cameras.get(camera);
  if (options === undefined) throw new Error(`no camera ${camera}`);
  await expect.poll(() => shownNumber(page, camera)).toBe(frameAt(options, atMs));
}

/** The same of the moment in the address, which comes a little later than the picture. */
async function untilAddressShown(page: Page): Promise<void> {
  const isShown = async () => (await shownNumber(page, 'yard')) === frameAtYard(addressMs(page));
  await expect.poll(isShown).toBe(true);
}

async function untilAddress(page: Page, atMs: number): Promise<void> {
  await expect.poll(() => addressMs(page) - START).toBe(atMs - START);
}

/** A place of the timeline, when the address's span of time is shown with its moment at 70 % of the width. */
async function placeOf(page: Page, atMs: number): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.getByTestId('timeline-canvas').boundingBox();
  const parameters = new URL(page.url()).searchParams;
  if (box === null) throw new Error('the timeline is not in sight');
  const spanMs = 1_000 * Number(parameters.get('span'));
  return { x: box.x + box.width * (0.7 + (atMs - addressMs(page)) / spanMs), y: box.y + box.height - 20 };
}

async function noteAt(page: Page, atMs: number): Promise<string> {
  const { x, y } = await placeOf(page, atMs);
  await page.mouse.move(x, y);
  return (await page.getByTestId('hover-note').textContent()) ?? '';
}

browserTest(
  'what was recorded, seen there, an event and a gap with its cause are told under the pointer',
  async () => {
    const page = await open(linkTo(100, 8 * 3_600));
    await untilShown(page, START + 100 * MINUTE_MS);
    const at = (minute: number) => noteAt(page, START + minute * MINUTE_MS);
    await expect.poll(() => at(60)).toContain('Recorded');
    const preview = page.getByTestId('hover-note').locator('canvas');
    await preview.waitFor();
    const behindMs = START + 60 * MINUTE_MS - Number(await preview.getAttribute('data-shown-ms'));
    // The key picture before it; a pixel is 20 s.
    expect(Math.abs(behindMs)).toBeLessThan(60_000);
    await expect.poll(() => at(32)).toMatch(/Motion.*drive/);
    await expect.poll(() => at(150)).toContain('The camera could not be reached.');
    await preview.waitFor({ state: 'detached' });
    const gap = await at(150);
    expect(gap).toContain('no route to host');
    expect(gap).toContain('(1 h)');
  },
);

browserTest('a pointer that moves within a second asks for its picture once', async () => {
  const page = await open(linkTo(100, 60));
  await untilShown(page, START + 100 * MINUTE_MS);
  // A pixel is a twentieth of a second.
  const { x, y } = await placeOf(page, START + 100 * MINUTE_MS - 9_700);
  await page.mouse.move(x, y);
  await page.getByTestId('hover-note').locator('canvas').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/footage/keys')) asked.push(request.url());
  });
  for (let px = 1; px <= 5; px += 1) {
    await page.mouse.move(x + px, y);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  // What is asked for after it comes after all that was asked for before.
  await page.mouse.move(x + 60, y);
  await expect.poll(() => asked.length).toBe(1);
});

browserTest('a press, a scrub and the wheel move the picture and the time shown', async () => {
  const page = await open(linkTo(100, 8 * 3_600));
  await untilShown(page, START + 100 * MINUTE_MS);
  const { x, y } = await placeOf(page, START + 60 * MINUTE_MS);
  await page.mouse.click(x, y);
  await expect.poll(() => Math.abs(addressMs(page) - START - 60 * MINUTE_MS)).toBeLessThan(MINUTE_MS);
  await untilAddressShown(page);

  // Along the ruler, over half an hour.
  const before = addressMs(page);
  const ruler = y - 60;
  await page.mouse.move(x, ruler);
  await page.mouse.down();
  await page.mouse.move(x + 40, ruler, { steps: 8 });
  await page.mouse.move(x + 80, ruler, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => addressMs(page)).toBeGreaterThan(before + 20 * MINUTE_MS);
  await untilAddressShown(page);

  // What is under the pointer stays there.
  const underS = async () => {
    const [hours = 0, minutesOfHour = 0, seconds = 0] = (
      (await page.getByTestId('hover-note').textContent()) ?? ''
    )
      .slice(0, 8)
      .split(':')
      .map(Number);
    return hours * 3_600 + minutesOfHour * 60 + seconds;
  };
  /** Between two times of day; midnight may lie between them. */
  const apartS = (one: number, other: number) => {
    const apart = Math.abs(one - other);
    return Math.min(apart, 86_400 - apart);
  };
  /** The time that is told there: the note comes a little later than the pointer. */
  const secondsAt = async (xPx: number, least: (seconds: number) => boolean) => {
    await page.mouse.move(xPx, y);
    await expect.poll(async () => least(await underS())).toBe(true);
    return await underS();
  };
  const awayS = await secondsAt(x + 300, (seconds) => seconds > 0);
  const beforeS = await secondsAt(x, (seconds) => apartS(seconds, awayS) > 3_600);
  const spanS = () => Number(new URL(page.url()).searchParams.get('span'));
  for (let notch = 0; notch < 6; notch += 1) await page.mouse.wheel(0, -120);
  await expect.poll(spanS).toBeLessThan(2 * 3_600);
  await secondsAt(x + 300, (seconds) => apartS(seconds, beforeS) > 300);
  // A pixel was 21 s long.
  await secondsAt(x, (seconds) => apartS(seconds, beforeS) < 30);
});

browserTest('in a gap the page tells why and since when, and goes to where it goes on', async () => {
  const page = await open(linkTo(150, 4 * 3_600));
  const box = page.getByRole('region', { name: 'yard' });
  await box.getByText('No footage at this moment').waitFor();
  await box.getByText('The camera could not be reached.').waitFor();
  await box.getByText(/From .* to /).waitFor();
  await box.getByRole('button', { name: 'Go to where it goes on' }).click();
  await untilShown(page, START + 180 * MINUTE_MS);
});

browserTest('all is done by keys too', async () => {
  const page = await open(linkTo(10, 3_600));
  await untilShown(page, START + 10 * MINUTE_MS);
  // Each press is one event on, however quickly they come.
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  await untilAddress(page, START + 200 * MINUTE_MS - 1_000);
  await page.keyboard.press('p');
  await untilAddress(page, START + 30 * MINUTE_MS - 1_000);
  await page.keyboard.press('ArrowLeft');
  await untilAddress(page, START + 30 * MINUTE_MS - 11_000);
  await page.keyboard.press('Shift+ArrowRight');
  const atMs = START + 30 * MINUTE_MS + 49_000;
  await untilAddress(page, atMs);
  await untilShown(page, atMs);
  await page.keyboard.press('.');
  await untilShown(page, atMs + 100);
  await page.keyboard.press(',');
  await page.keyboard.press(',');
  await untilShown(page, atMs - 100);
  await page.getByTitle('Go to a time').press('Enter');
  const field = page.getByLabel('Go to a time');
  await field.fill(new Date(atMs).toISOString().slice(0, 19));
  await field.press('Enter');
  await untilShown(page, atMs);

  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(() => shownNumber(page, 'yard')).toBeGreaterThan(frameAtYard(atMs + 500));
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();

  const spanS = () => Number(new URL(page.url()).searchParams.get('span'));
  await page.keyboard.press('+');
  await expect.poll(spanS).toBe(1_800);
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await expect.poll(spanS).toBe(7_200);
  await page.keyboard.press('i');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('o');
  const length = page.getByTestId('span-length');
  await length.getByText('10 s', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await length.waitFor({ state: 'detached' });

  // Within the newest seconds there is no way forward, and none that leads back.
  await page.getByTitle('Go to a time').press('Enter');
  const presentMs = Date.now();
  await field.fill(new Date(presentMs).toISOString().slice(0, 19));
  await field.press('Enter');
  await expect.poll(() => addressMs(page)).toBeGreaterThan(presentMs - 30_000);
  const fromMs = addressMs(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowLeft');
  const movedMs = () => addressMs(page) - fromMs;
  await expect.poll(movedMs).toBeLessThan(-30_000);
  expect(movedMs()).toBeGreaterThanOrEqual(-60_000);

  const slider = page.getByRole('slider', { name: 'Moment shown' });
  expect(Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(START);
  expect(await slider.getAttribute('aria-valuetext')).toContain(String(new Date(START).getUTCFullYear()));
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
});

function frameAtYard(atMs: number): number {
  const options = site?.archive.cameras.get('yard');
  return options === undefined ? -1 : frameAt(options, atMs);
}

browserTest('the address brings back cameras, moment and zoom, several cameras in step', async () => {
  const page = await open(`${linkTo(70, 1_234)}&camera=gate`);
  const atMs = START + 70 * MINUTE_MS;
  for (const camera of ['yard', 'gate']) await untilShown(page, atMs, camera);
  await page.keyboard.press('ArrowRight');
  await untilAddress(page, atMs + 10_000);
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  for (const camera of ['yard', 'gate']) await untilShown(page, atMs + 10_000, camera);
  expect(new URL(page.url()).searchParams.get('span')).toBe('1234');
  expect(page.url()).toBe(address);
});

const SMALL_PHONE = { isPhone: true, viewport: { width: 320, height: 568 } };
for (const options of [SMALL_PHONE, { colorScheme: 'light' }, {}] as const) {
  browserTest(`is accessible and fits the screen: ${JSON.stringify(options)}`, async () => {
    const page = await open(`${linkTo(100, 6 * 3_600)}&camera=gate`, options);
    await untilShown(page, START + 100 * MINUTE_MS);
    expect(await accessibilityFaults(page)).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(page.viewportSize()?.width);
  });
}
