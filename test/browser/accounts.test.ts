import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { accessibilityFaults } from './axe.ts';
import { browserTest, openBrowser, openPage, type OpenPageOptions } from './browser.ts';
import { RecordedSite, type NewAccount } from './recorded-site.ts';

const BEN: NewAccount = { name: 'ben', password: 'battery staple horse', role: 'viewer', cameras: ['front'] };
const TWO_CAMERAS = { cameras: { front: { url: 'demo:' }, yard: { url: 'demo:' } } };

let browser: Browser | undefined;

/** A page of a browser that nobody has used before. */
async function newPage(options: OpenPageOptions = {}): Promise<Page> {
  browser ??= await openBrowser();
  return openPage(browser, options);
}

afterEach(async () => {
  await browser?.close();
  browser = undefined;
});

browserTest(
  'the link of the first start makes the administrator, once, and leads to live pictures',
  async () => {
    await using fresh = await RecordedSite.start({ isFresh: true });
    const { url, setupUrl } = fresh;
    const page = await newPage();
    await page.goto(url);
    await page.getByText('Preroll is not set up yet.').waitFor();
    await page.goto(`${url}setup#not-the-one-that-was-printed`);
    await page.getByLabel('Password', { exact: true }).waitFor();
    // Pasted into the same tab.
    await page.goto(setupUrl);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.locator('nav a[aria-current=page]', { hasText: 'Live' }).waitFor();
    expect(page.url()).toBe(`${url}live`);

    const other = await newPage();
    await other.goto(setupUrl);
    await other.getByLabel('Password', { exact: true }).fill('somebody else entirely');
    await other.getByRole('button', { name: 'Set up' }).click();
    await other.getByRole('alert').waitFor();
    await other.reload();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    await other.goto(url);
    await other.getByLabel('User name').fill('anna');
    await other.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.locator('nav a[aria-current=page]', { hasText: 'Live' }).waitFor();
  },
);

describe('a recorder that is set up', () => {
  let site: RecordedSite | undefined;
  let url = '';

  beforeAll(async () => {
    site = await RecordedSite.start({ config: TWO_CAMERAS });
    ({ url } = site);
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  browserTest('a viewer is made in the settings, sees only his camera, and finds no settings', async () => {
    const admin = await newPage();
    await site?.signIn(admin);
    await admin.goto(`${url}settings/users`);
    await admin.getByRole('button', { name: 'Add user' }).click();
    await admin.getByLabel('User name').fill(BEN.name);
    await admin.getByLabel('Password', { exact: true }).fill(BEN.password);
    await admin.getByRole('checkbox', { name: 'All cameras' }).click();
    await admin.getByRole('checkbox', { name: 'yard' }).click();
    await admin.getByRole('dialog').getByRole('button', { name: 'Add user' }).click();
    await admin.getByRole('button', { name: 'Change ben' }).waitFor();

    const page = await newPage();
    await page.goto(url);
    await page.getByLabel('User name').fill(BEN.name);
    await page.getByLabel('Password', { exact: true }).fill(BEN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'ben' }).waitFor();
    const told = await page.request.get(`${url}api/cameras`);
    expect(JSON.stringify(await told.json())).toContain('"front"');
    expect(JSON.stringify(await told.json())).not.toContain('yard');
    await page.goto(`${url}settings/users`);
    await page.getByText('Your account may not change settings.').waitFor();
    const asked = await page.request.get(`${url}api/users`);
    expect(asked.status()).toBe(403);
  });

  browserTest('signing out everywhere ends the other browser too', async () => {
    const [here, there] = [await newPage(), await newPage()];
    for (const page of [here, there]) {
      await site?.signIn(page);
      await page.goto(`${url}account`);
      await page.getByText('This one').waitFor();
    }
    await here.getByRole('button', { name: 'Sign out everywhere' }).click();
    await here.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await here.getByRole('button', { name: 'Sign in' }).waitFor();
    await there.reload();
    await there.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  browserTest('a token is shown once, opens the API, and no longer when it is deleted', async () => {
    const page = await newPage();
    await site?.signIn(page);
    await page.goto(`${url}account`);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByLabel('Name').fill('home automation');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
    const token = await page.locator('code').innerText();
    await page.keyboard.press('Escape');
    const askWithToken = async (): Promise<number> => {
      const answer = await fetch(`${url}api/cameras`, { headers: { authorization: `Bearer ${token}` } });
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await askWithToken()).toBe(200);
    await page.getByRole('button', { name: 'Delete token home automation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There are none.').waitFor();
    expect(await askWithToken()).toBe(401);
  });

  browserTest('the audit log tells who signed in and who was refused', async () => {
    const page = await newPage();
    const stranger = await newPage();
    await stranger.goto(url);
    await stranger.getByLabel('User name').fill('admin');
    await stranger.getByLabel('Password', { exact: true }).fill('not the password');
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await stranger.getByRole('alert').waitFor();
    await site?.signIn(page);
    await page.goto(`${url}settings/audit`);
    const log = page.getByRole('list', { name: 'Audit log' });
    await log.getByText('was refused').waitFor();
    await log.getByText('signed in').first().waitFor();
  });

  for (const colorScheme of ['dark', 'light'] as const) {
    browserTest(`every page is accessible, as far as a program can tell, ${colorScheme}`, async () => {
      await site?.recorder.says('event: motion');
      const page = await newPage({ colorScheme });
      await site?.signIn(page);
      const paths = [
        'live',
        'timeline',
        'events',
        'exports',
        'settings/cameras',
        'settings/recording',
        'settings/retention',
        'settings/network',
        'settings/system',
        'settings/logs',
        'settings/users',
        'settings/audit',
        'account',
      ];
      for (const path of paths) {
        await page.goto(`${url}${path}`);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForLoadState('load');
        expect({ path, faults: await accessibilityFaults(page) }).toEqual({ path, faults: [] });
      }
    });
  }
});
