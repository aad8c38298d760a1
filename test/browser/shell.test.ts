import type { Browser, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { accessibilityFaults } from './axe.ts';
import { browserTest, DESKTOP, openBrowser, openPage, type OpenPageOptions } from './browser.ts';
import { startStubSite, type StubAnswers, type StubSite } from './stub-site.ts';

const PLACES = ['Live', 'Timeline', 'Events', 'Exports', 'Settings'];
const SESSION = { user: { name: 'anna', role: 'admin', cameras: null } };
const SIGNED_OUT = { status: 401, body: { error: { message: 'Nobody is signed in.' } } };

let browser: Browser | undefined;
let site: StubSite | undefined;

interface OpenOptions extends OpenPageOptions {
  readonly basePath?: string;
  readonly path?: string;
  readonly answers?: StubAnswers;
}

/** A page of an app that somebody is signed in to. */
async function open(options: OpenOptions = {}): Promise<{ readonly page: Page; readonly url: string }> {
  const {
    basePath = '/',
    path = '',
    answers = new Map([['GET api/session', { status: 200, body: SESSION }]]),
  } = options;
  browser = await openBrowser();
  site = await startStubSite(answers, basePath);
  const page = await openPage(browser, options);
  await page.goto(`${site.url}${path}`);
  return { page, url: site.url };
}

async function close(): Promise<void> {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
}

afterEach(close);

browserTest(
  'each place is gone to by the navigation, and its address opens it again, under any base path',
  async () => {
    const { page, url } = await open({ basePath: '/some/path/' });
    for (const name of PLACES) {
      await page.getByRole('link', { name }).click();
      await page.locator('nav a[aria-current=page]', { hasText: name }).waitFor();
      expect(page.url()).toBe(`${url}${name.toLowerCase()}`);
      await expect.poll(() => page.title()).toBe(`${name} · Preroll`);
      await page.reload();
      await page.locator('nav a[aria-current=page]', { hasText: name }).waitFor();
    }
  },
);

browserTest(
  'the app speaks the language of the browser until another is chosen, which it remembers',
  async () => {
    const { page } = await open({ locale: 'de-CH', path: 'events' });
    await page.getByRole('link', { name: 'Ereignisse' }).waitFor();
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('de');
    await page.getByRole('button', { name: 'anna' }).click();
    await page.getByRole('menuitemradio', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Events' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Events' }).waitFor();
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en');
  },
);

browserTest('the app is as dark as the system until a theme is chosen, which it remembers', async () => {
  const { page } = await open({ colorScheme: 'light' });
  const isLight = (): Promise<boolean> =>
    page.evaluate(() => {
      const probe = document.createElement('canvas').getContext('2d');
      if (probe === null) throw new Error('no canvas to read a colour by');
      probe.fillStyle = getComputedStyle(document.body).backgroundColor;
      return Number.parseInt(probe.fillStyle.slice(1, 3), 16) > 128;
    });
  await page.getByRole('button', { name: 'anna' }).click();
  await expect.poll(isLight).toBe(true);
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect.poll(isLight).toBe(false);
  await page.reload();
  await page.getByRole('button', { name: 'anna' }).waitFor();
  await expect.poll(isLight).toBe(false);
});

browserTest(
  'on a phone the navigation is a bar at the bottom and nothing is wider than the screen',
  async () => {
    const { page } = await open({ isPhone: true });
    const bar = await page.getByRole('navigation', { name: 'Main' }).boundingBox();
    expect(bar?.width).toBe(390);
    expect(bar && bar.y + bar.height).toBe(844);
    for (const name of PLACES) {
      await page.getByRole('link', { name }).tap();
      await page.locator('nav a[aria-current=page]', { hasText: name }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
  },
);

browserTest('the longer German names have room too, on a phone and beside the page', async () => {
  for (const viewport of [{ width: 360, height: 740 }, DESKTOP]) {
    const { page } = await open({ locale: 'de', viewport, isPhone: viewport !== DESKTOP });
    await page.getByRole('link', { name: 'Einstellungen' }).waitFor();
    const cut = await page
      .locator('nav span')
      .evaluateAll((labels) =>
        labels.filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent),
      );
    expect(cut).toEqual([]);
    await close();
  }
});

browserTest('who is not signed in sees the way in, and then the page that was asked for', async () => {
  const answers: StubAnswers = new Map();
  answers.set('GET api/session', SIGNED_OUT);
  answers.set('POST api/session', (body) => {
    expect(body).toEqual({ name: 'anna', password: 'correct horse' });
    // Whoever asks again hears the same.
    answers.set('GET api/session', { status: 200, body: SESSION });
    return { status: 200, body: SESSION };
  });
  const { page, url } = await open({ path: 'exports', answers });
  await page.getByLabel('User name').fill('anna');
  await page.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('nav a[aria-current=page]', { hasText: 'Exports' }).waitFor();
  expect(page.url()).toBe(`${url}exports`);
});

browserTest(
  'what the server says of a wrong password stands at the password, which is to be typed again',
  async () => {
    const message = 'The user name or the password is wrong.';
    const answers: StubAnswers = new Map();
    answers.set('GET api/session', SIGNED_OUT);
    answers.set('POST api/session', { status: 401, body: { error: { message } } });
    const { page } = await open({ answers });
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText(message).waitFor();
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  },
);

browserTest('when the session has ended meanwhile, the way in shows instead of an error', async () => {
  const answers: StubAnswers = new Map();
  answers.set('GET api/session', { status: 200, body: SESSION });
  const { page } = await open({ path: 'account', answers });
  await page.getByRole('button', { name: 'anna' }).waitFor();
  answers.set('GET api/sessions', SIGNED_OUT);
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.getByText('You were signed out meanwhile.').waitFor();
});

browserTest(
  'an installed app opens without the server, says that it does not answer, and waits for it',
  async () => {
    const { page } = await open({ basePath: '/some/path/', path: 'settings/users' });
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    // What the worker has not seen asked for it has not kept.
    await page.reload();
    await page.getByRole('button', { name: 'anna' }).waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('The recorder does not answer.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'anna' }).waitFor();
    // One that takes connections and says nothing: the browser by itself would wait for minutes.
    site?.fallSilent(true);
    await page.reload();
    await page.getByText('The recorder has not answered for 5 s.').waitFor();
    site?.fallSilent(false);
    await page.getByRole('button', { name: 'anna' }).waitFor();
  },
);

browserTest(
  'what was asked of a server that has fallen silent holds up nothing when it answers again',
  async () => {
    const { page } = await open({ path: 'live' });
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await page.reload();
    await page.getByRole('button', { name: 'anna' }).waitFor();
    site?.fallSilent(true);
    // Parts of the app that the worker does not have yet: more requests than a browser has connections.
    for (const name of ['Events', 'Exports', 'Settings']) await page.getByRole('link', { name }).click();
    await page.reload();
    await page.getByText('The recorder has not answered for 5 s.').waitFor();
    site?.fallSilent(false);
    await page.getByRole('button', { name: 'anna' }).waitFor();
  },
);

browserTest(
  'older lines of the log that do not come are asked for once, and again when told to',
  async () => {
    const line = (at: number) => ({
      place: `a-${at}`,
      atMs: at,
      level: 'info',
      camera: null,
      text: `line ${at}`,
    });
    const answers: StubAnswers = new Map();
    answers.set('GET api/session', { status: 200, body: SESSION });
    answers.set('GET api/logs', { status: 200, body: { lines: [line(2)], older: 'a-2', newest: 'a-3' } });
    const { page, url } = await open({ path: 'account', answers });
    const asked: string[] = [];
    let hasOlder = false;
    await page.route(/api\/logs\?.*before=/, async (route) => {
      asked.push(route.request().url());
      const answer = hasOlder
        ? { status: 200, json: { lines: [line(1)], older: null, newest: 'a-3' } }
        : { status: 404, json: { error: { message: 'There is no log.' } } };
      await route.fulfill(answer);
    });
    await page.goto(`${url}settings/logs`);
    // Followed, it begins anew now and then.
    await page.getByRole('switch').click();
    await page.getByRole('alert').getByText('There is no log.').waitFor();
    hasOlder = true;
    const before = asked.length;
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await page.getByText('line 1').waitFor();
    expect(asked).toHaveLength(before + 1);
  },
);

browserTest('a lost connection to the recorder is told, and that it is back', async () => {
  const { page } = await open();
  await page.getByRole('button', { name: 'anna' }).waitFor();
  const note = page.getByText('The connection to the recorder is lost.');
  site?.refuseSockets(true);
  await note.waitFor();
  site?.refuseSockets(false);
  await note.waitFor({ state: 'detached' });
});

for (const colorScheme of ['dark', 'light'] as const) {
  browserTest(`the way in and the first set-up are accessible, ${colorScheme}`, async () => {
    const { page, url } = await open({ colorScheme, answers: new Map([['GET api/session', SIGNED_OUT]]) });
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto(`${url}setup#secret`);
    await page.getByRole('button', { name: 'Set up' }).waitFor();
    expect(page.url()).toBe(`${url}setup`);
    expect(await accessibilityFaults(page)).toEqual([]);
  });
}
