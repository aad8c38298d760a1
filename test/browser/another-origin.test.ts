import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { RecordedSite } from './recorded-site.ts';

/*
 * Row 10 of what has gone wrong in other recorders: somebody who is signed in opens a page of somebody else, and that page tries
 * what browsers let pages try.
 */

let site: RecordedSite;
let foreign: Server;
let browser: Browser;
let page: Page;

/** Two origins as far as browsers are concerned: `near` shares the host with the app, so that cookies are sent to it. */
let near: string;
let far: string;

beforeAll(async () => {
  site = await RecordedSite.start();
  foreign = createServer(answer);
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  // Listening on TCP.
  const { port } = foreign.address() as AddressInfo;
  near = `http://localhost:${port}/`;
  far = `http://127.0.0.1:${port}/`;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  foreign?.closeAllConnections();
  foreign?.close();
  await site?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  page = await openPage(browser);
  await site.signIn(page);
});
afterEach(() => page.context().close());

function answer(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>elsewhere</title>');
}

/** Cameras, users and sessions: what the page of elsewhere must neither read nor change. */
async function state(): Promise<string> {
  const paths = ['api/users', 'api/sessions', 'api/tokens', 'api/layouts', 'api/exports', 'api/settings'];
  const answers = await Promise.all(paths.map(async (path) => await page.request.get(site.url + path)));
  expect(answers.map((one) => one.status())).toEqual(paths.map(() => 200));
  const texts = await Promise.all(answers.map(async (one) => await one.text()));
  return texts.join('\n').replaceAll(/"(lastUsedMs|seenMs|usedMs)":\d+/g, '');
}

interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly mode?: 'no-cors';
  readonly headers?: Readonly<Record<string, string>>;
}

/** What `fetch` brought a page of elsewhere: a status and text where it could read them. */
async function fetched(path: string, init: Sent = {}): Promise<string> {
  return await page.evaluate(
    async ([url, options]) => {
      try {
        const got = await fetch(url, { credentials: 'include', ...options });
        return `${got.type} ${got.status} ${await got.text()}`;
      } catch {
        return 'refused';
      }
    },
    [site.url + path, init] as const,
  );
}

const PATHS = [
  'api/cameras',
  'api/users',
  'api/settings',
  'api/events',
  'api/openapi.json',
  'api/cameras/yard/snapshot',
];

const LOADS = [
  ['img', 'api/cameras/yard/snapshot'],
  ['img', 'favicon.svg'],
  ['video', 'api/cameras/yard/snapshot'],
  ['script', 'api/cameras'],
  ['link', 'api/cameras'],
] as const;

const NEW_USER = JSON.stringify({ name: 'eve', password: 'of somebody else', role: 'admin', cameras: null });
const CHANGES: readonly (readonly [string, string, string?])[] = [
  ['POST', 'api/users', NEW_USER],
  ['POST', 'api/tokens', JSON.stringify({ name: 'eve', role: 'admin', cameras: null, expiresMs: null })],
  ['POST', 'api/exports', JSON.stringify({ cameras: ['yard'], from: 0, to: 1_000 })],
  ['PUT', 'api/layouts', JSON.stringify({ order: ['eve'], layouts: [] })],
  [
    'PATCH',
    'api/settings',
    JSON.stringify({ version: '', edits: [{ kind: 'remove', path: ['cameras', 'yard'] }] }),
  ],
  ['DELETE', 'api/sessions'],
  ['DELETE', 'api/users/admin'],
];

/** What a page's element became of that address. */
async function loaded(tag: (typeof LOADS)[number][0], path: string): Promise<string> {
  return await page.evaluate(
    ([name, url]) =>
      new Promise<string>((resolve) => {
        const element = document.createElement(name);
        for (const type of ['load', 'loadeddata', 'error'])
          element.addEventListener(type, () => resolve(type));
        if (element instanceof HTMLLinkElement) {
          element.rel = 'stylesheet';
          element.href = url;
        } else {
          element.src = url;
        }
        document.head.append(element);
      }),
    [tag, site.url + path] as const,
  );
}

/** As a page does that sends its visitor's browser somewhere: the body becomes a field's name, as forms have it. */
async function sendForm(path: string, encoding: string, body: string): Promise<void> {
  const answered = page.waitForResponse((one) => one.url() === site.url + path);
  await page.evaluate(
    ([action, enctype, name]) => {
      const form = Object.assign(document.createElement('form'), { action, enctype, method: 'POST' });
      form.append(Object.assign(document.createElement('input'), { name, value: '' }));
      document.body.append(form);
      form.submit();
    },
    [site.url + path, encoding, body] as const,
  );
  expect((await answered).status()).toBe(403);
  await page.waitForURL(site.url + path);
}

async function openedSocket(path: string): Promise<string> {
  return await page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url.replace('http', 'ws'));
        socket.addEventListener('open', () => resolve('open'));
        socket.addEventListener('error', () => resolve('refused'));
      }),
    site.url + path,
  );
}

browserTest('a page of elsewhere reads nothing, whatever it loads', async () => {
  await site.recorder.says('event: motion');
  // What it tries to read is there.
  expect((await page.request.get(`${site.url}api/cameras/yard/snapshot`)).status()).toBe(200);
  for (const origin of [near, far]) {
    await page.goto(origin);
    for (const path of PATHS) {
      expect([path, await fetched(path)]).toEqual([path, 'refused']);
      // Without asking for permission to read, a browser sends it and shows the page nothing.
      expect([path, await fetched(path, { mode: 'no-cors' })]).toEqual([path, 'refused']);
    }
    for (const [tag, path] of LOADS)
      expect([tag, path, await loaded(tag, path)]).toEqual([tag, path, 'error']);
  }
  await page.goto(site.url);
  // The same from a page of the app: what refuses is not that nothing is ever shown.
  for (const path of PATHS) expect(await fetched(path)).toMatch(/^basic 200 /);
  expect(await loaded('img', 'api/cameras/yard/snapshot')).toBe('load');
});

browserTest('a page of elsewhere changes nothing, by scripts or by forms', async () => {
  const before = await state();
  for (const origin of [near, far]) {
    for (const [method, path, body] of CHANGES) {
      await page.goto(origin);
      for (const contentType of ['application/json', 'text/plain']) {
        const init = {
          method,
          ...(body === undefined ? {} : { body }),
          headers: { 'content-type': contentType },
        };
        await fetched(path, init);
        if (method === 'POST') await fetched(path, { ...init, mode: 'no-cors' });
      }
      await page.evaluate(([url, sent]) => navigator.sendBeacon(url, sent), [
        site.url + path,
        body ?? '',
      ] as const);
      if (method !== 'POST') continue;
      for (const encoding of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        await page.goto(origin);
        await sendForm(path, encoding, body ?? '');
      }
    }
  }
  expect(await state()).toBe(before);
  await page.goto(site.url);
  expect(
    await fetched('api/users', {
      method: 'POST',
      body: NEW_USER,
      headers: { 'content-type': 'application/json' },
    }),
  ).toMatch(/^basic 201 /);
  expect(await state()).not.toBe(before);
});

browserTest('a page of elsewhere opens no WebSocket and frames no page', async () => {
  for (const origin of [near, far]) {
    await page.goto(origin);
    for (const path of ['api/changes', 'api/live', 'api/cameras/yard/explained']) {
      expect([path, await openedSocket(path)]).toEqual([path, 'refused']);
    }
    await page.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    }, site.url);
    await expect.poll(() => page.frames().length).toBe(2);
    const framed = page.frames()[1];
    // What Chromium shows in the place of a page that may not be framed.
    await expect.poll(() => framed?.url()).toBe('chrome-error://chromewebdata/');
    const popup = page.waitForEvent('popup');
    await page.evaluate((url) => {
      Object.assign(window, { opened: window.open(url) });
    }, site.url);
    const opened = await popup;
    await opened.locator('nav').first().waitFor();
    // Its own window, and it has no other: nothing can be sent to it or learned of it.
    expect(await opened.evaluate(() => window.opener === null)).toBe(true);
    await opened.close();
  }
  await page.goto(site.url);
  expect(await openedSocket('api/changes')).toBe('open');
});
