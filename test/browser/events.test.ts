import type { Browser, Page } from 'playwright-core';
import { afterEach, expect, onTestFinished } from 'vitest';
import { wallMs } from '../../src/base/time.ts';
import type { EventsAnswer } from '../../src/http/api/events.ts';
import { writeConfig } from '../e2e/preroll-process.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest, openBrowser, openPage, type OpenPageOptions } from './browser.ts';
import { decodeMovie } from './decode-movie.ts';
import { RecordedSite } from './recorded-site.ts';
import { startStubSite, type StubSite } from './stub-site.ts';
import { startTimelineSite, type TimelineSite } from './timeline-site.ts';

let browser: Browser | undefined;
let site: RecordedSite | undefined;
let archive: TimelineSite | undefined;

afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await archive?.[Symbol.asyncDispose]();
  [browser, site, archive] = [undefined, undefined, undefined];
});

browserTest(
  'an event appears by itself, is seen, kept, noted and deleted with the keyboard alone, and its clip decodes whole',
  async () => {
    // Somebody walks by every 20 s: short enough that each makes an event of its own.
    const event = { preRoll: '2s', postRoll: '2s', minimalDuration: '1s', initialWait: '1s' };
    const web = { listen: 'loopback', port: 0 };
    const config = (mode: string) => ({ cameras: { yard: { url: 'demo:', mode } }, event, web });
    site = await RecordedSite.start({ config: config('always') });
    browser = await openBrowser();
    const page = await openPage(browser);
    await site.signIn(page);
    await page.goto(`${site.url}events`);
    await page.getByText('No events yet').waitFor();
    await writeConfig(site.folder, config('always+motion'));
    await page.locator('[data-unseen]').first().waitFor();
    await page.waitForFunction(() => {
      const pictures = Array.from(document.querySelectorAll('[data-unseen] img'));
      return pictures.some((picture) => picture instanceof HTMLImageElement && picture.naturalWidth > 0);
    });
    // And tells when it has ended.
    const ended = page.getByRole('link', { name: /yard/ }).filter({ hasNotText: 'going on' });
    await ended.first().waitFor();
    const key = await ended.first().locator('..').getAttribute('data-event-key');
    const card = page.locator(`[data-event-key="${key}"]`);

    await card.getByRole('link').focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('region', { name: /^yard, / });
    await detail.locator('[data-picture-ms]').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/events/yard/${key?.split(':')[0]}`);
    await card.and(page.locator(':not([data-unseen])')).waitFor();
    await page.keyboard.press('x');
    await detail.getByText('kept', { exact: true }).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('the postman');
    await page.keyboard.press('Control+Enter');
    await card.getByText('the postman').waitFor();
    await page.keyboard.press('Escape');
    expect(await accessibilityFaults(page)).toEqual([]);

    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('c')]);
    const clip = await decodeMovie(await download.path());
    expect(clip.lengthMs).toBeGreaterThan(3_000);
    expect(clip.pictures).toBeGreaterThan(clip.lengthMs / 100);
    expect([clip.decoded, clip.damaged]).toEqual([clip.pictures, 0]);

    // The server knows it all: it is so after loading anew, and filters find it.
    await page.goto(`${page.url()}?show=kept&text=POSTMAN`);
    await detail.getByText('kept', { exact: true }).waitFor();
    await card.getByText('the postman').waitFor();
    expect(await page.locator('[data-event-key]').count()).toBe(1);
    await page.getByRole('button', { name: 'Show all events' }).click();
    await expect.poll(() => page.locator('[data-event-key]').count()).toBeGreaterThan(1);
    await page.keyboard.press('x');
    await detail.getByText('kept', { exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('d');
    await page.locator('[role=dialog]:focus').waitFor();
    await page.keyboard.press('Enter');
    await card.waitFor({ state: 'detached' });
    // The one that follows is looked at next.
    await expect.poll(() => page.url()).not.toContain(key?.split(':')[0]);
  },
);

const MANY = 100_000;
const EVERY_MS = 61_000;
const NEWEST_MS = Date.now() - 3_600_000;

/** The key of the n-th newest of them. */
const keyAt = (n: number): string => `${NEWEST_MS - n * EVERY_MS}:${n % 2 === 0 ? 'yard' : 'gate'}`;

/** An archive of this many events, of two cameras in turn, every third of them in a zone. */
async function openEvents(count: number, options: OpenPageOptions = {}): Promise<Page> {
  archive = await startTimelineSite([]);
  const { index } = archive.archive;
  const writes = Array.from({ length: count }, (_, n) => {
    const triggerMs = NEWEST_MS - n * EVERY_MS;
    const event = {
      camera: n % 2 === 0 ? 'yard' : 'gate',
      triggerWallMs: wallMs(triggerMs),
      fromWallMs: wallMs(triggerMs - 5_000),
      untilWallMs: wallMs(triggerMs + 20_000),
      isOpen: false,
      causes: ['motion'],
      zones: n % 3 === 0 ? ['drive'] : [],
      score: 900,
      peakScore: 4_000,
      isKept: n % 50 === 0,
      detail: {},
      thumbnail: undefined,
    };
    return { type: 'event', event } as const;
  });
  index.apply(writes);
  browser = await openBrowser();
  const page = await openPage(browser, options);
  await page.goto(`${archive.url}events`);
  await page.locator('[data-event-key]').first().waitFor();
  return page;
}

const card = (page: Page, n: number) => page.locator(`[data-event-key="${keyAt(n)}"]`);

/** How long each of these turns of a wheel takes, one a picture, to and fro where the list stands. @returns in order, the quickest first. */
async function turnWheel(page: Page): Promise<number[]> {
  return await page.getByTestId('events').evaluate(
    (scroller) =>
      new Promise<number[]>((resolve) => {
        const took: number[] = [];
        let before: number | undefined;
        const turn = (now: number): void => {
          if (before !== undefined) took.push(now - before);
          before = now;
          if (took.length === 120) return resolve(took.toSorted((a, b) => a - b));
          scroller.scrollTop += took.length % 24 < 12 ? 240 : -240;
          requestAnimationFrame(turn);
        };
        requestAnimationFrame(turn);
      }),
  );
}

browserTest('100,000 events are gone through smoothly, of which only those in sight are there', async () => {
  const page = await openEvents(MANY);
  // With their rows drawn, where few are loaded.
  const { 60: fewMs = NaN } = await turnWheel(page);
  const beganMs = performance.now();
  await page.keyboard.press('End');
  await card(page, MANY - 1).waitFor();
  const toEndMs = performance.now() - beganMs;
  expect(await page.locator('[data-event-key]').count()).toBeLessThan(150);
  const againMs = performance.now();
  await page.keyboard.press('Home');
  await card(page, 0).waitFor();
  const toBeginMs = performance.now() - againMs;

  // The same somewhere among them all.
  await page.getByTestId('events').evaluate((scroller) => (scroller.scrollTop = scroller.scrollHeight / 2));
  const tookMs = await turnWheel(page);
  const [median = NaN, worst = NaN] = [tookMs[60], tookMs.at(-1)];
  const figures = [toEndMs, toBeginMs, median, worst, fewMs].map((ms) => ms.toFixed(1));
  process.stderr.write(`events: of ${MANY} to the end ${figures[0]} ms, back ${figures[1]} ms, `);
  process.stderr.write(
    `a turn of the wheel ${figures[2]} ms (worst ${figures[3]}), of few events ${figures[4]}\n`,
  );
  // On a machine that takes long for few of them it takes longer, but not for their number.
  expect(median).toBeLessThan(Math.max(100, 3 * fewMs));
});

browserTest('several events are chosen and marked at once, and the filter is in the address', async () => {
  const page = await openEvents(300);
  const unseen = async (search: string): Promise<number> => {
    const answer = await page.request.get(`${archive?.url}api/events?unseen=true&limit=500${search}`);
    // The server's own shape.
    return ((await answer.json()) as { readonly events: readonly unknown[] }).events.length;
  };
  await page.keyboard.press('j');
  await page.keyboard.press('v');
  for (let i = 0; i < 3; i++) await page.keyboard.press('j');
  await page.keyboard.press('v');
  await page.getByText('2 selected').waitFor();
  await card(page, 6)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await page.getByText('5 selected').waitFor();
  await page.keyboard.press('s');
  await expect.poll(() => unseen('')).toBe(295);
  await page.keyboard.press('Escape');
  await page.getByText('5 selected').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'All cameras' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'gate' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Any zone' }).click();
  await page.getByRole('menuitemradio', { name: 'drive' }).click();
  await card(page, 3).waitFor();
  await expect.poll(() => card(page, 0).count()).toBe(0);
  expect(new URL(page.url()).search).toBe('?camera=gate&zone=drive');
  await page.getByRole('radio', { name: 'Unseen' }).click();
  await card(page, 3).waitFor({ state: 'detached' });
  await card(page, 9).waitFor();
  await page.getByRole('button', { name: 'Show all events' }).click();
  await card(page, 0).waitFor();

  await page.keyboard.press('a');
  await page.locator('[role=dialog]:focus').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => unseen('')).toBe(0);
  await page.locator('[data-unseen]').first().waitFor({ state: 'detached' });
});

/** As the server answers: the n-th newest, and those before it. */
function answerFrom(first: number, count: number): EventsAnswer {
  const events = Array.from({ length: count }, (_, i) => ({
    camera: keyAt(first + i).split(':')[1] ?? '',
    triggerMs: NEWEST_MS - (first + i) * EVERY_MS,
    startMs: NEWEST_MS - (first + i) * EVERY_MS - 5_000,
    endMs: NEWEST_MS - (first + i) * EVERY_MS + 20_000,
    isOpen: false,
    causes: ['motion'],
    zones: [],
    peakScore: 4_000,
    isKept: false,
    isSeen: false,
    note: null,
  }));
  return { events, next: null };
}

const answerOf = (body: unknown) => ({ status: 200, body });

/** A browser's page, and a site of two cameras with these events that it is to be sent to. */
async function openStub(events: EventsAnswer): Promise<{ readonly page: Page; readonly stub: StubSite }> {
  const cameras = [{ camera: 'yard' }, { camera: 'gate' }];
  const stub = await startStubSite(
    new Map([
      ['GET api/session', answerOf({ user: { name: 'anna', role: 'admin', cameras: null } })],
      ['GET api/timeline', answerOf({ cameras, timeZone: 'UTC', nowMs: NEWEST_MS })],
      ['GET api/events', answerOf(events)],
    ]),
  );
  onTestFinished(() => stub[Symbol.asyncDispose]());
  browser = await openBrowser();
  return { page: await openPage(browser), stub };
}

/** Until the first event is out of sight. */
async function scrollDown(page: Page): Promise<void> {
  await card(page, 1).waitFor();
  await page.getByTestId('events').evaluate((list) => list.scrollTo(0, 1_000));
  await card(page, 1).waitFor({ state: 'detached' });
}

browserTest('a note that could not be saved stays written', async () => {
  const { page, stub } = await openStub(answerFrom(0, 1));
  await page.goto(`${stub.url}events`);
  await card(page, 0).getByRole('link').click();
  const note = page.getByRole('textbox', { name: 'Note' });
  await note.fill('the postman');
  await note.press('Control+Enter');
  await page
    .getByText(/has no PUT .*note/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Save', disabled: false }).waitFor();
  expect(await note.inputValue()).toBe('the postman');
});

browserTest('a note that is half written stays while another event is looked at', async () => {
  const page = await openEvents(2);
  await card(page, 0).getByRole('link').click();
  const note = page.getByRole('textbox', { name: 'Note' });
  await note.fill('the post');
  await page.getByRole('button', { name: 'Older event' }).click();
  await expect.poll(() => note.inputValue()).toBe('');
  await page.getByRole('button', { name: 'Newer event' }).click();
  await expect.poll(() => note.inputValue()).toBe('the post');
  await page.reload();
  await expect.poll(() => note.inputValue()).toBe('the post');
  // Taken back, it is as it was saved.
  await note.fill('');
  await page.reload();
  await card(page, 0).waitFor();
  expect(await note.inputValue()).toBe('');
});

browserTest('newer events wait while somebody looks further down', async () => {
  const { page, stub } = await openStub(answerFrom(1, 100));
  await page.goto(`${stub.url}events`);
  await scrollDown(page);
  stub.answers.set('GET api/events', answerOf(answerFrom(0, 101)));
  await stub.sendChange({ type: 'event', camera: 'yard', change: 'begun', event: {} });
  await page.getByRole('button', { name: 'New events' }).click();
  await card(page, 0).waitFor();
  await page.getByRole('button', { name: 'New events' }).waitFor({ state: 'detached' });
  // At the top the next one appears by itself.
  stub.answers.set('GET api/events', answerOf(answerFrom(-1, 102)));
  await stub.sendChange({ type: 'event', camera: 'gate', change: 'begun', event: {} });
  await card(page, -1).waitFor();
});

browserTest('an event of a camera that is no longer chosen is not told as a newer one', async () => {
  const { page, stub } = await openStub(answerFrom(1, 100));
  const isTold = new Promise<void>((resolve) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => payload.includes('updated') && resolve()),
    );
  });
  await page.goto(`${stub.url}events`);
  const newer = page.getByRole('button', { name: 'New events' });
  await scrollDown(page);
  await stub.sendChange({ type: 'event', camera: 'gate', change: 'begun', event: {} });
  await newer.waitFor();
  await page.getByRole('button', { name: 'All cameras' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'yard' }).click();
  await page.keyboard.press('Escape');
  await newer.waitFor({ state: 'detached' });
  await scrollDown(page);
  await page.clock.install();
  await stub.sendChange({ type: 'event', camera: 'gate', change: 'updated', event: {} });
  await isTold;
  await page.clock.runFor(2_000);
  expect(await newer.count()).toBe(0);
});

for (const colorScheme of ['dark', 'light'] as const) {
  browserTest(`the list fits a phone and is accessible, ${colorScheme}`, async () => {
    const page = await openEvents(100, { isPhone: true, colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await accessibilityFaults(page)).toEqual([]);
  });
}
