import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { startDemoCameras, type DemoCameras } from './demo-cameras.ts';
import { RecordedSite } from './recorded-site.ts';

const FOLDER = join(process.cwd(), '.cache', 'screenshots');
const NAMES = ['Driveway', 'Front door', 'Garden', 'Garage'];
const EVENTS = 12;
/** Pictures that are fetched, and what fades in and out. */
const SETTLED_MS = 2_500;
/** Somebody has come well into sight. */
const WALKED_IN_MS = 4_000;
const STARTING_TAKES_AT_MOST_MS = 300_000;

interface PicturedPage {
  readonly name: string;
  readonly path: string;
  /** Brings about what is to be seen. */
  readonly act?: (page: Page) => Promise<void>;
}

const PAGES: readonly PicturedPage[] = [
  { name: 'live', path: 'live', act: somebodyWalksBy },
  { name: 'timeline', path: 'timeline', act: zoomIn },
  { name: 'timeline-span', path: 'timeline', act: markSpan },
  { name: 'events', path: 'events', act: rest },
  { name: 'event', path: 'events', act: openEvent },
  { name: 'event-explained', path: 'events', act: explainEvent },
  { name: 'events-selected', path: 'events', act: selectEvents },
  { name: 'exports', path: 'exports', act: exported },
  { name: 'settings', path: 'settings' },
  { name: 'settings-cameras', path: 'settings/cameras' },
  { name: 'settings-recording', path: 'settings/recording' },
  { name: 'settings-motion', path: 'settings/cameras/Driveway/motion', act: drawMask },
  { name: 'settings-retention', path: 'settings/retention' },
  { name: 'settings-network', path: 'settings/network' },
  { name: 'settings-users', path: 'settings/users' },
  { name: 'settings-audit', path: 'settings/audit' },
  { name: 'settings-system', path: 'settings/system' },
  { name: 'settings-logs', path: 'settings/logs' },
  { name: 'account', path: 'account' },
];

const LOOKS = [
  { name: 'desktop-dark', colorScheme: 'dark', isPhone: false },
  { name: 'desktop-light', colorScheme: 'light', isPhone: false },
  { name: 'phone-dark', colorScheme: 'dark', isPhone: true },
  { name: 'phone-light', colorScheme: 'light', isPhone: true },
] as const;

let demo: DemoCameras | undefined;
let site: RecordedSite;
let browser: Browser | undefined;

beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  demo = await startDemoCameras(NAMES.length);
  const cameras = demo.cameras.map(({ url, subUrl }, i) => [
    NAMES[i] ?? url,
    { url, subUrl, mode: 'always+motion' },
  ]);
  // Somebody walks by every 20 s: short enough that each makes an event of its own.
  const event = { preRoll: '2s', postRoll: '2s', minimalDuration: '1s', initialWait: '1s' };
  site = await RecordedSite.start({ config: { cameras: Object.fromEntries(cameras), event } });
  await site.recorder.says('event: motion', EVENTS);
  browser = await openBrowser();
}, STARTING_TAKES_AT_MOST_MS);

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await demo?.[Symbol.asyncDispose]();
});

for (const look of LOOKS) {
  browserTest(`every page, ${look.name}`, async () => {
    if (browser === undefined) throw new Error('there is no browser');
    const page = await openPage(browser, look);
    const picture = async (name: string): Promise<void> => {
      await page.waitForTimeout(SETTLED_MS);
      await page.screenshot({ path: join(FOLDER, `${name}-${look.name}.png`) });
    };
    await page.goto(site.url);
    await picture('sign-in');
    await site.signIn(page);
    for (const { name, path, act } of PAGES) {
      await page.goto(`${site.url}${path}`);
      await act?.(page);
      await picture(name);
    }
    await page.context().close();
  });
}

async function moving(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const videos = Array.from(document.querySelectorAll('video'));
    return (
      videos.length > 0 && videos.every((video) => video.readyState > HTMLMediaElement.HAVE_CURRENT_DATA)
    );
  });
}

async function somebodyWalksBy(page: Page): Promise<void> {
  await moving(page);
  await page.getByText('Event: motion').first().waitFor({ state: 'attached' });
}

/** From hours to minutes, for the recordings are new, and to where somebody walks by. */
async function zoomIn(page: Page): Promise<void> {
  await page.getByRole('slider').first().waitFor();
  for (let i = 0; i < 5; i++) await page.keyboard.press('+');
  for (const key of ['ArrowLeft', 'ArrowLeft', 'p', ' ']) await page.keyboard.press(key);
  await page.waitForTimeout(WALKED_IN_MS);
  await page.keyboard.press(' ');
}

async function markSpan(page: Page): Promise<void> {
  await zoomIn(page);
  await page.keyboard.press('e');
}

/** So that no card is pointed at. */
async function rest(page: Page): Promise<void> {
  await page.locator('[data-event-key] img').first().waitFor();
  await page.mouse.move(0, 0);
}

async function openEndedEvent(page: Page): Promise<void> {
  await page.locator('[data-event-key] a').filter({ hasNotText: 'going on' }).nth(1).click();
  await page.locator('[data-picture-ms]').waitFor();
}

async function openEvent(page: Page): Promise<void> {
  await openEndedEvent(page);
  const keep = page.getByRole('button', { name: 'Keep', exact: true });
  if ((await keep.count()) > 0) await keep.click();
  const note = page.getByRole('textbox', { name: 'Note' });
  if ((await note.inputValue()) === '') {
    await note.fill('The postman, with the parcel for next door.');
    await page.getByRole('button', { name: 'Save' }).click();
  }
  await page.waitForTimeout(WALKED_IN_MS);
}

/** At a picture with motion, once all have come. */
async function explainEvent(page: Page): Promise<void> {
  await openEndedEvent(page);
  await page.getByRole('button', { name: 'Why an event, or none' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('svg[role=img] rect.fill-motion').first().waitFor();
}

async function selectEvents(page: Page): Promise<void> {
  await rest(page);
  for (const key of ['j', 'v', 'j', 'v', 'j', 'j', 'v']) await page.keyboard.press(key);
}

/** The first time it is asked for. */
async function exported(page: Page): Promise<void> {
  const exportButton = page.getByRole('button', { name: 'Export', exact: true });
  await exportButton.waitFor();
  if ((await page.getByText('ready', { exact: true }).count()) > 0) return;
  for (const name of NAMES.slice(0, 2)) await page.getByRole('checkbox', { name }).click();
  await exportButton.click();
  await page.getByText('ready', { exact: true }).waitFor();
}

async function drawMask(page: Page): Promise<void> {
  await moving(page);
  await page.getByRole('img', { name: 'Score of the last minute' }).waitFor();
  await page.getByRole('button', { name: 'Add a mask' }).click();
  await page.getByRole('button', { name: 'Add a zone' }).click();
}
