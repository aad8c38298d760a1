import { createServer, type AddressInfo, type Server } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { ADMIN, RecordedSite } from './recorded-site.ts';

/*
 * Row 11 of what has gone wrong in other recorders: markup in everything that people, cameras and addresses can bring onto a page
 * is text there.
 */

/** Would leave an element, whose scripts would run if the page's policy allowed any. */
const MARKUP = '<b data-canary>x</b><img src=x onerror=window.canary=1>';
const SCRIPT_ADDRESS = 'javascript:window.canary=1';

let site: RecordedSite;
let hostile: Server;
let browser: Browser;
let page: Page;
/** What the browser had to refuse. */
let refused: string[];

beforeEach(async () => {
  // A camera that answers everything with markup.
  hostile = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const cseq = /CSeq: (\d+)/.exec(bytes.toString('latin1'))?.[1] ?? '1';
      socket.write(`RTSP/1.0 500 ${MARKUP}\r\nCSeq: ${cseq}\r\nServer: ${MARKUP}\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
  site = await RecordedSite.start({
    config: { cameras: { yard: { url: 'demo:' }, hostile: { url: hostileUrl() } } },
  });
  browser = await openBrowser();
  page = await openPage(browser);
  refused = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  page.on('dialog', (dialog) => refused.push(dialog.message()));
  await site.signIn(page);
  await page.goto(site.url);
});
afterEach(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
  hostile.close();
});

function hostileUrl(): string {
  // Listening on TCP.
  const { port } = hostile.address() as AddressInfo;
  return `rtsp://127.0.0.1:${port}/a`;
}

async function send(method: string, path: string, data: object): Promise<void> {
  const headers = { origin: new URL(site.url).origin, 'user-agent': MARKUP };
  const answer = await page.request.fetch(site.url + path, { method, data, headers });
  expect([path, answer.ok()]).toEqual([path, true]);
}

/** On a page that shows the text: as text. @param shown what has to be there at least. */
async function isText(shown: string): Promise<void> {
  await page.getByText(shown).first().waitFor({ state: 'attached' });
  expect(await page.locator('[data-canary]').count()).toBe(0);
  expect(await page.evaluate(() => 'canary' in window)).toBe(false);
  expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
}

browserTest('what people and cameras write is text on every page', async () => {
  await site.recorder.says('event: motion');
  await page.getByRole('link', { name: 'Events' }).waitFor();
  const trigger = async (): Promise<number | undefined> => {
    const answer = await page.request.get(`${site.url}api/events?limit=1`);
    return ((await answer.json()) as { events: { triggerMs: number }[] }).events[0]?.triggerMs;
  };
  // The index follows a moment later.
  await expect.poll(trigger).toBeDefined();
  await send('PUT', `api/events/yard/${await trigger()}/note`, { text: `note ${MARKUP}` });
  await send('PUT', 'api/layouts', { order: [], layouts: [{ name: MARKUP, cameras: ['yard'] }] });
  const token = {
    name: MARKUP,
    role: 'viewer',
    cameras: [MARKUP],
    expiresMs: null,
  };
  await send('POST', 'api/tokens', token);
  await send('POST', 'api/session', ADMIN);

  await page.goto(`${site.url}live?camera=hostile`);
  await isText('<b data-canary>');
  await page.goto(`${site.url}live`);
  await page.getByRole('button', { name: 'Layout:' }).click();
  await isText(MARKUP);
  await page.goto(`${site.url}timeline`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.goto(`${site.url}events`);
  await isText(MARKUP);
  await page.goto(`${site.url}account`);
  await isText(token.name);
  await page.goto(`${site.url}settings/audit`);
  await isText(MARKUP);

  await page.goto(`${site.url}settings/cameras`);
  await page.getByRole('button', { name: 'Add a camera' }).click();
  await page.getByLabel('Address', { exact: true }).fill(hostileUrl());
  await page.getByRole('button', { name: 'Test' }).click();
  await isText('<b data-canary>');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await writeFile(
    join(site.folder, 'preroll.yaml'),
    `cameras: { yard: { url: "demo:", mode: "${MARKUP}" } }`,
  );
  await page.getByRole('alert').waitFor();
  expect(await page.locator('[data-canary]').count()).toBe(0);
  expect(refused).toEqual([]);
});

browserTest('what stands in an address is text on the page that it opens', async () => {
  const marked = encodeURIComponent(MARKUP);
  const script = encodeURIComponent(SCRIPT_ADDRESS);
  const addresses = [
    `live?camera=${marked}`,
    `live?layout=${marked}`,
    `timeline?camera=${marked}&at=${marked}`,
    `events?zone=${marked}&cause=${marked}&text=${marked}`,
    `events/${marked}/1`,
    `events/yard/${marked}`,
    `exports?from=${marked}`,
    `settings/${marked}`,
    marked,
    `?next=${script}&return=${script}&redirect=${script}`,
    `setup#${marked}`,
    `live#${marked}`,
  ];
  for (const address of addresses) {
    await page.goto(site.url + address);
    await page.locator('#content, form').first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    expect([address, await page.locator('[data-canary]').count()]).toEqual([address, 0]);
    expect([address, await page.evaluate(() => 'canary' in window)]).toEqual([address, false]);
    expect([address, new URL(page.url()).origin]).toEqual([address, new URL(site.url).origin]);
  }
  expect(refused).toEqual([]);
});

browserTest(
  'a script that got into a page all the same would not run, nor send anything anywhere',
  async () => {
    await page.evaluate(
      async ([markup, elsewhere]) => {
        document.body.insertAdjacentHTML('beforeend', markup);
        const script = document.createElement('script');
        script.textContent = 'window.canary = 1';
        document.body.append(script);
        await fetch(elsewhere).then(
          () => Object.assign(window, { canary: 1 }),
          () => undefined,
        );
      },
      [MARKUP, `http://127.0.0.1:${new URL(site.url).port}/`] as const,
    );
    expect(await page.locator('[data-canary]').count()).toBe(1);
    await expect.poll(() => refused.length).toBeGreaterThan(2);
    expect(await page.evaluate(() => 'canary' in window)).toBe(false);
  },
);
