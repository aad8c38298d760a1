import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { RecordedSite, type NewAccount } from './recorded-site.ts';

const VERA: NewAccount = {
  name: 'vera',
  password: 'a viewer of the yard',
  role: 'viewer',
  cameras: ['yard'],
};
const OTTO: NewAccount = { name: 'otto', password: 'an operator of all', role: 'operator', cameras: null };
const OLGA: NewAccount = { ...OTTO, name: 'olga' };

let site: RecordedSite;
let browser: Browser;
let admin: Page;

beforeAll(async () => {
  site = await RecordedSite.start({
    config: { cameras: { front: { url: 'demo:' }, yard: { url: 'demo:' } } },
  });
  browser = await openBrowser();
  const page = await openPage(browser);
  await site.signIn(page);
  for (const account of [VERA, OTTO, OLGA]) await site.addUser(page, account);
  await page.context().close();
});
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  admin = await openPage(browser);
  await site.signIn(admin);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function pageOf(account: { readonly name: string; readonly password: string }): Promise<Page> {
  const page = await openPage(browser);
  await site.signIn(page, account);
  return page;
}

/** The names of the places of the app, as the navigation has them. */
async function places(page: Page): Promise<readonly string[]> {
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link').first().waitFor();
  return await navigation.getByRole('link').allInnerTexts();
}

/** What the app's own page gets when it asks for something that it does not offer. */
async function asked(page: Page, method: string, path: string, body?: object): Promise<number> {
  return await page.evaluate(
    async ([how, url, text]) => {
      const json = { body: text, headers: { 'content-type': 'application/json' } };
      return (await fetch(url, { method: how, ...(text === '' ? {} : json) })).status;
    },
    [method, site.url + path, body === undefined ? '' : JSON.stringify(body)] as const,
  );
}

async function triggerOf(page: Page, camera: string): Promise<number> {
  const find = async (): Promise<number | undefined> => {
    const answer = await page.request.get(`${site.url}api/events?camera=${camera}&limit=1`);
    return ((await answer.json()) as { events: { triggerMs: number }[] }).events[0]?.triggerMs;
  };
  await expect.poll(find).toBeDefined();
  return (await find()) ?? 0;
}

browserTest('a viewer sees his camera and nothing else, and is offered nothing that he may not', async () => {
  const [foreign, own] = [await triggerOf(admin, 'front'), await triggerOf(admin, 'yard')];
  const page = await pageOf(VERA);
  await page.goto(`${site.url}live`);
  expect(await places(page)).toEqual(['Live', 'Timeline', 'Events']);
  const tile = page.locator('[data-camera="yard"]');
  await page.locator('[data-camera="yard"][data-activity="live"]').waitFor();
  expect(await page.locator('[data-camera]').count()).toBe(1);
  await tile.getByRole('button', { name: 'Enlarge yard' }).click();
  await tile.getByRole('button', { name: 'Save a picture' }).waitFor();
  expect(await tile.getByRole('button', { name: 'Record an event now' }).count()).toBe(0);
  await page.goto(`${site.url}events/yard/${own}`);
  await page
    .getByRole('link', { name: /Download/ })
    .first()
    .waitFor();
  for (const name of [/^Keep/, /^Delete/]) {
    expect([String(name), await page.getByRole('button', { name }).count()]).toEqual([String(name), 0]);
  }
  expect(await page.getByText('front', { exact: true }).count()).toBe(0);

  await page.goto(`${site.url}exports`);
  await page.getByText('Your account may not export.').waitFor();
  await page.goto(`${site.url}settings/cameras`);
  await page.getByText('Your account may not change settings.').waitFor();
  const event = `api/events/yard/${own}`;
  const refusals = {
    'PUT kept': await asked(page, 'PUT', `${event}/kept`, { kept: true }),
    'PUT note': await asked(page, 'PUT', `${event}/note`, { text: 'x' }),
    DELETE: await asked(page, 'DELETE', event),
    'PUT manual': await asked(page, 'PUT', 'api/cameras/yard/manual-event', { isOn: true }),
    'POST export': await asked(page, 'POST', 'api/exports', { cameras: ['yard'], from: 0, to: 1 }),
    'GET settings': await asked(page, 'GET', 'api/settings'),
    'GET users': await asked(page, 'GET', 'api/users'),
    'GET audit': await asked(page, 'GET', 'api/audit'),
  };
  expect(Object.entries(refusals).filter(([, status]) => status !== 403)).toEqual([]);
  const foreignPaths = [
    `api/events/front/${foreign}`,
    `api/events/front/${foreign}/clip`,
    `api/events/front/${foreign}/thumbnail`,
    `api/cameras/front/snapshot`,
    `api/cameras/front/footage?from=0&to=${foreign}`,
    'api/events?camera=front',
  ];
  for (const path of foreignPaths) expect([path, await asked(page, 'GET', path)]).toEqual([path, 404]);
  expect(await asked(page, 'GET', `api/cameras/yard/snapshot`)).toBe(200);
});

browserTest('an operator keeps, deletes and exports, and finds no settings', async () => {
  const trigger = await triggerOf(admin, 'yard');
  const page = await pageOf(OTTO);
  await page.goto(`${site.url}live`);
  expect(await places(page)).toEqual(['Live', 'Timeline', 'Events', 'Exports']);
  expect(await asked(page, 'PUT', `api/events/yard/${trigger}/kept`, { kept: true })).toBe(200);
  await page.goto(`${site.url}exports`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.goto(`${site.url}settings/users`);
  await page.getByText('Your account may not change settings.').waitFor();
  for (const path of ['api/settings', 'api/users', 'api/audit']) {
    expect([path, await asked(page, 'GET', path)]).toEqual([path, 403]);
  }
  // Nobody makes himself more than he is.
  const more = { role: 'admin', cameras: null };
  expect(await asked(page, 'PATCH', 'api/users/otto', more)).toBe(403);
  expect(await asked(page, 'POST', 'api/tokens', { name: 'more', ...more, expiresMs: null })).toBe(400);
  await admin.goto(`${site.url}live`);
  expect(await places(admin)).toEqual(['Live', 'Timeline', 'Events', 'Exports', 'Settings']);
});

browserTest('pages that are open elsewhere end when somebody signs out everywhere', async () => {
  const [here, there] = [await pageOf(OTTO), await pageOf(OTTO)];
  await there.goto(`${site.url}live`);
  await there.locator('[data-camera="yard"][data-activity="live"]').waitFor();
  await here.goto(`${site.url}account`);
  await here.getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.getByRole('button', { name: 'Sign in' }).waitFor();
  // By itself, without anybody who touches it.
  await there.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await there.locator('video').count()).toBe(0);
  // Who signs in to it is shown nothing of who was before.
  await there.getByLabel('User name').fill(VERA.name);
  await there.getByLabel('Password', { exact: true }).fill(VERA.password);
  await there.getByRole('button', { name: 'Sign in' }).click();
  await there.locator('[data-camera="yard"][data-activity="live"]').waitFor();
  expect(await there.locator('[data-camera]').count()).toBe(1);
});

browserTest('what an account may is what its open pages show, as soon as it is changed', async () => {
  const page = await pageOf(OLGA);
  await page.goto(`${site.url}live`);
  await page.locator('[data-camera="front"][data-activity="live"]').waitFor();
  await admin.goto(site.url);
  expect(await asked(admin, 'PATCH', 'api/users/olga', { role: 'viewer', cameras: ['yard'] })).toBe(200);
  await page.locator('[data-camera="front"]').waitFor({ state: 'detached' });
  await page.locator('[data-camera="yard"][data-activity="live"]').waitFor();
  await expect.poll(() => places(page)).toEqual(['Live', 'Timeline', 'Events']);
  expect(await asked(admin, 'DELETE', 'api/users/olga')).toBeLessThan(300);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await asked(admin, 'GET', 'api/session')).toBe(200);
});
