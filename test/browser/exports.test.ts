import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import type { ExportJson } from '../../src/http/api/exports.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { frameAt } from '../footage/clip-footage.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest, openBrowser, openPage, type OpenPageOptions } from './browser.ts';
import { decodeMovie } from './decode-movie.ts';
import { shownNumber } from './player-page.ts';
import { RecordedSite } from './recorded-site.ts';
import { startStubSite, type StubSite } from './stub-site.ts';
import { startTimelineSite, type TimelineSite } from './timeline-site.ts';

const SMALL: ClipSpec = {
  widthPx: 640,
  heightPx: 360,
  rateFps: 10,
  // No two minutes of eleven begin alike, so that each has a file of its own.
  loopSeconds: 22,
  variant: 0,
  codec: 'h264',
  bitrateBps: 400_000,
  gopSeconds: 2,
  bFrames: 0,
  hasSound: false,
};
/** Of the demo camera's main stream. */
const DEMO_FPS = 15;
const MINUTE_MS = 60_000;
/** A full hour. */
const START = Math.floor((Date.now() - 2 * 60 * MINUTE_MS) / 3_600_000) * 3_600_000;

let browser: Browser | undefined;
let site: TimelineSite | undefined;
let recorded: RecordedSite | undefined;
let stub: StubSite | undefined;
afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await recorded?.[Symbol.asyncDispose]();
  await stub?.[Symbol.asyncDispose]();
  [browser, site, recorded, stub] = [undefined, undefined, undefined, undefined];
});

/** Eleven minutes of two cameras, of which ten are in sight. */
async function openTimeline(cameras: readonly string[], atMs: number): Promise<Page> {
  const minutes = Array.from({ length: 11 }, (_, minute) => minute);
  site = await startTimelineSite([
    { camera: 'yard', spec: SMALL, startWallMs: START, minutes },
    { camera: 'gate', spec: { ...SMALL, variant: 1 }, startWallMs: START, minutes },
  ]);
  browser = await openBrowser();
  const page = await openPage(browser);
  const search = new URLSearchParams(cameras.map((camera) => ['camera', camera]));
  search.set('at', new Date(atMs).toISOString());
  search.set('span', '600');
  await page.goto(`${site.url}timeline?${search.toString()}`);
  for (const camera of cameras) await untilShown(page, atMs, camera);
  return page;
}

/** Waits until the picture on screen is the one of a moment, to the picture. */
async function untilShown(page: Page, atMs: number, camera: string): Promise<void> {
  await expect.poll(() => shownNumber(page, camera)).toBe(numberAt(camera, atMs));
}

/** The number that is burnt into the picture of a moment. */
function numberAt(camera: string, atMs: number): number {
  const options = site?.archive.cameras.get(camera);
  if (options === undefined) throw new Error(`no camera ${camera}`);
  return frameAt(options, atMs);
}

/** As `<input type="time">` has it; the site's time zone is UTC. */
const timeText = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
const timeMs = async (page: Page, name: string): Promise<number> =>
  Date.parse(`${new Date(START).toISOString().slice(0, 11)}${await page.getByLabel(name).inputValue()}Z`);
/** As `<input type="datetime-local">` has it. */
const fieldMs = async (page: Page, name: string): Promise<number> =>
  Date.parse(`${await page.getByLabel(name).inputValue()}Z`);

interface Exported {
  readonly camera: string;
  readonly path: string;
}

/** Starts the export that the form shows, and downloads its files, each checked against the SHA-256 that the page tells. */
async function exportAndDownload(page: Page): Promise<readonly Exported[]> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByText('ready', { exact: true }).waitFor();
  const exported: Exported[] = [];
  for (const link of await page.getByRole('link', { name: /^Download / }).all()) {
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const path = await download.path();
    const told = await link.locator('..').locator('code').textContent();
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(told);
    exported.push({ camera: download.suggestedFilename().split('_')[0] ?? '', path });
  }
  return exported;
}

/** What was asked for is in the file, from the first picture to the last. */
async function expectSpan({ camera, path }: Exported, fromMs: number, toMs: number): Promise<void> {
  const movie = await decodeMovie(path);
  expect(movie).toEqual({
    lengthMs: toMs - fromMs,
    pictures: ((toMs - fromMs) / 1_000) * SMALL.rateFps,
    decoded: movie.pictures,
    damaged: 0,
    first: numberAt(camera, fromMs),
    last: numberAt(camera, toMs - 1),
  });
}

browserTest(
  'a span is marked by a key, dragged by its ends and typed, and is in the exported file to the picture',
  async () => {
    const atMs = START + 5 * MINUTE_MS;
    const page = await openTimeline(['yard'], atMs);
    await page.keyboard.press('e');
    // A fifth of what is in sight, around the moment.
    expect(await timeMs(page, 'Begin of the span')).toBe(atMs - MINUTE_MS);
    expect(await timeMs(page, 'End of the span')).toBe(atMs + MINUTE_MS);
    expect(await page.getByTestId('span-length').textContent()).toBe('2 min');

    const canvas = await page.getByTestId('timeline-canvas').boundingBox();
    if (canvas === null) throw new Error('the timeline is not in sight');
    const xOf = (ms: number): number => canvas.x + canvas.width * (0.7 + (ms - atMs) / 600_000);
    const y = canvas.y + canvas.height - 20;
    await page.mouse.move(xOf(atMs + MINUTE_MS), y);
    await page.mouse.down();
    await page.mouse.move(xOf(atMs + 90_000), y, { steps: 6 });
    await page.mouse.up();
    const endMs = () => timeMs(page, 'End of the span');
    await expect.poll(async () => Math.abs((await endMs()) - atMs - 90_000)).toBeLessThan(2_000);
    const draggedMs = await endMs();
    expect(await timeMs(page, 'Begin of the span')).toBe(atMs - MINUTE_MS);
    // The picture is the one at the end that was dragged.
    await expect.poll(() => new URL(page.url()).searchParams.get('at')).toContain(timeText(draggedMs));

    const [fromMs, toMs] = [atMs - 47_000, atMs - 14_000];
    await page.getByLabel('Begin of the span').fill(timeText(fromMs));
    await untilShown(page, fromMs, 'yard');
    // As while it is typed, beyond the other end: that one stays.
    await page.getByLabel('End of the span').fill(timeText(fromMs - 3_600_000));
    expect(await timeMs(page, 'Begin of the span')).toBe(fromMs);
    await page.getByLabel('End of the span').fill(timeText(toMs));
    await untilShown(page, toMs, 'yard');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Export this span' }).click();

    expect(await fieldMs(page, 'From')).toBe(fromMs);
    expect(await fieldMs(page, 'To')).toBe(toMs);
    const exported = await exportAndDownload(page);
    expect(exported.map(({ camera }) => camera)).toEqual(['yard']);
    for (const file of exported) await expectSpan(file, fromMs, toMs);
    expect(await accessibilityFaults(page)).toEqual([]);
  },
);

browserTest('of several cameras each has a file of the same span, marked at the keys I and O', async () => {
  const atMs = START + 5 * MINUTE_MS;
  const page = await openTimeline(['yard', 'gate'], atMs);
  await page.keyboard.press('i');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  for (const camera of ['yard', 'gate']) await untilShown(page, atMs + 20_000, camera);
  await page.keyboard.press('o');
  await page.getByRole('button', { name: 'Export this span' }).click();
  await page.getByRole('checkbox', { name: 'gate', checked: true }).waitFor();
  const exported = await exportAndDownload(page);
  expect(exported.map(({ camera }) => camera)).toEqual(['yard', 'gate']);
  for (const file of exported) await expectSpan(file, atMs, atMs + 20_000);
});

browserTest('of what a recorder has just recorded the span is exported that the timeline shows', async () => {
  const cameras = { yard: { url: 'demo:', mode: 'always' } };
  recorded = await RecordedSite.start({ config: { cameras } });
  browser = await openBrowser();
  const page = await openPage(browser);
  await recorded.signIn(page);
  const { startMs } = await recorded.recorded(page, 'yard', 16_000);
  const fromMs = Math.ceil(startMs / 1_000) * 1_000 + 3_000;
  const shown: number[] = [];
  for (const atMs of [fromMs + 10_000 - 1, fromMs]) {
    await page.goto(`${recorded.url}timeline?camera=yard&at=${new Date(atMs).toISOString()}&span=60`);
    await page.locator('[data-camera="yard"][data-picture-ms]').waitFor();
    shown.push((await shownNumber(page, 'yard')) ?? Number.NaN);
  }
  await page.keyboard.press('i');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('o');
  await page.getByRole('button', { name: 'Export this span' }).click();
  const [file] = await exportAndDownload(page);
  const { first, last, lengthMs, pictures, decoded, damaged } = await decodeMovie(file?.path ?? '');
  const [shownLast = Number.NaN, shownFirst = Number.NaN] = shown;
  expect(last).toBe(shownLast);
  // The span begins within a picture, which this decoder leaves out.
  expect([shownFirst, shownFirst + 1]).toContain(first);
  expect([pictures, pictures - 1]).toContain(decoded);
  expect(damaged).toBe(0);
  // The camera sends at its pace, give or take a picture.
  expect(Math.abs(lengthMs - 10_000)).toBeLessThan(100);
  expect(Math.abs(pictures - 10 * DEMO_FPS)).toBeLessThanOrEqual(2);
});

const JOB: ExportJson = {
  id: 'a1',
  user: 'anna',
  createdMs: START,
  cameras: ['yard'],
  fromMs: START,
  toMs: START + MINUTE_MS,
  gaps: 'skip',
  state: 'working',
  progress: 0.4,
  files: [],
  problems: [],
};

/** The page before a server that makes an export without ever finishing it. */
async function openUnfinished(options: OpenPageOptions = {}): Promise<Page> {
  const cameras = [{ camera: 'yard' }, { camera: 'gate' }];
  const answer = (body: unknown) => ({ status: 200, body });
  stub = await startStubSite(
    new Map([
      ['GET api/session', answer({ user: { name: 'anna', role: 'admin', cameras: null } })],
      ['GET api/timeline', answer({ cameras, timeZone: 'UTC', nowMs: START })],
      ['GET api/exports', answer({ exports: [JOB] })],
    ]),
  );
  browser = await openBrowser();
  const page = await openPage(browser, options);
  await page.goto(`${stub.url}exports`);
  return page;
}

browserTest('progress is shown while an export is made, and it can be cancelled', async () => {
  const page = await openUnfinished();
  const progress = page.getByRole('progressbar');
  await progress.waitFor();
  expect(await progress.getAttribute('value')).toBe('0.4');
  stub?.answers.set('GET api/exports', {
    status: 200,
    body: { exports: [{ ...JOB, progress: 0.9 }] },
  });
  await expect.poll(() => progress.getAttribute('value')).toBe('0.9');
  stub?.answers.set('DELETE api/exports/a1', () => {
    stub?.answers.set('GET api/exports', { status: 200, body: { exports: [] } });
    return { status: 200, body: {} };
  });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('No exports yet').waitFor();
});

browserTest('the page fits a phone and is accessible', async () => {
  const page = await openUnfinished({ isPhone: true, colorScheme: 'light' });
  await page.getByRole('progressbar').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await accessibilityFaults(page)).toEqual([]);
});
