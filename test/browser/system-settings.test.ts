import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { accessibilityFaults } from './axe.ts';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { RecordedSite } from './recorded-site.ts';

const CONFIG = `# The house.
cameras:
  yard: # behind it
    url: "demo:"
    mode: always+motion # all of it
    schedule:
      MON-fri 8:00-18:00: motion # nobody is at home
web: { listen: loopback, port: 0 }
`;

let browser: Browser;
let site: RecordedSite;
let page: Page;

beforeEach(async () => {
  site = await RecordedSite.start({ config: CONFIG });
  browser = await openBrowser();
  page = await openPage(browser);
  await site.signIn(page);
});
afterEach(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

const written = async (): Promise<string> => await readFile(join(site.folder, 'preroll.yaml'), 'utf8');

async function goTo(path: string): Promise<void> {
  await page.goto(`${site.url}${path}`);
  await page.getByRole('heading', { level: 1 }).last().waitFor();
}

browserTest(
  'the system page tells the processes, the disk and what the camera sends, as they are',
  async () => {
    await site.recorder.says('connected: ');
    await goTo('settings/system');
    const processes = page.getByRole('table', { name: 'Processes' });
    const recorder = processes.getByRole('row', { name: /^Recorder/ });
    await recorder.waitFor();
    expect(await recorder.innerText()).toContain(String(site.recorder.pid));
    await processes
      .getByRole('row', { name: /^Motion analyzer/ })
      .first()
      .waitFor();
    // Known with the second look.
    await recorder.getByRole('cell', { name: /^\d+\.\d%$/ }).waitFor();
    const camera = page.getByRole('list', { name: 'Cameras' }).getByRole('listitem');
    await camera.getByText('connected').waitFor();
    const fps = camera.getByText(/^\d+\.\d pictures\/s$/);
    await fps.waitFor();
    // The demo camera sends 15 a second; a busy machine reads them in bursts.
    await expect.poll(async () => Number.parseFloat(await fps.innerText())).toBeCloseTo(15, -1);
    const disks = page.getByRole('list', { name: 'Disks' });
    await disks.getByText(join(site.folder, 'archive')).waitFor();
    await disks.getByText('yard').waitFor();
    await page.getByText(`Preroll ${await version()}`).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  },
);

async function version(): Promise<string> {
  const text = await readFile(join(process.cwd(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

browserTest('the log is sought in and followed, and told whole as a file', async () => {
  const change = (preRoll: string) =>
    writeFile(join(site.folder, 'preroll.yaml'), `${CONFIG}event: { preRoll: ${preRoll} }\n`);
  await change('6s');
  await site.recorder.says('the configuration was changed');
  await goTo('settings/logs');
  const log = page.getByRole('region', { name: 'Lines of the log' });
  await log.getByText('the web app is at').waitFor();
  await page.getByLabel('Contains').fill('CONFIGURATION WAS CHANGED');
  await log.getByRole('listitem').first().waitFor();
  await expect.poll(async () => await log.getByRole('listitem').count()).toBe(1);
  await change('7s');
  await expect.poll(async () => await log.getByRole('listitem').count()).toBe(2);
  expect(await accessibilityFaults(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toContain('the web app is at');
});

browserTest('a week that is painted stands in the file, with its comments, and holds', async () => {
  await goTo('settings/recording/yard');
  await page.getByRole('radio', { name: 'Off' }).click();
  const slot = (day: string, times: string) => page.getByRole('gridcell', { name: `${day} ${times}` });
  // It is where it stays.
  await slot('Saturday', '10:00–10:30').hover();
  const from = await slot('Saturday', '10:00–10:30').boundingBox();
  const to = await slot('Sunday', '11:30–12:00').boundingBox();
  if (from === null || to === null) throw new Error('there is no such slot');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 5 });
  await page.mouse.up();
  await slot('Sunday', '11:00–11:30: Nothing by itself').waitFor();
  // Two hours of Monday with keys.
  await page.getByRole('radio', { name: 'Everything', exact: true }).click();
  await slot('Monday', '20:00–20:30').focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Space');
  await page.getByLabel('Pre-roll (seconds)').fill('301');
  await page.getByRole('button', { name: 'Save' }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: /^Expected .* to 5 min\.$/ })
    .waitFor();
  expect(await written()).toBe(CONFIG);
  await page.getByLabel('Pre-roll (seconds)').fill('7.5');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('yard was changed').first().waitFor();
  const text = await written();
  expect(text).toContain('mode: always+motion # all of it');
  expect(text).toContain('MON-fri 8:00-18:00: motion # nobody is at home');
  expect(text).toContain('sat,sun 10:00-12:00: off');
  expect(text).toMatch(/mon 20:00-22:00: always\n/);
  expect(text).toContain('preRoll: 7.5s');
  await site.recorder.says('the configuration was changed');
  await slot('Saturday', '10:00–10:30: Nothing by itself').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

browserTest('what is not saved outlasts a change elsewhere, which is told and not written over', async () => {
  await goTo('settings/recording/yard');
  const preRoll = page.getByLabel('Pre-roll (seconds)');
  const overtaken = page.getByText('Meanwhile this was changed elsewhere');
  /** By hand. @returns when the page knows. */
  const edit = async (text: string): Promise<void> => {
    const asked = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/settings');
    await writeFile(join(site.folder, 'preroll.yaml'), text);
    await (await asked).finished();
  };
  await preRoll.fill('7');
  await edit(`${CONFIG}retention: { eventMaxAge: 9d }\n`);
  expect(await preRoll.inputValue()).toBe('7');
  expect(await overtaken.count()).toBe(0);

  await edit(CONFIG.replace('always+motion # all', 'motion # some'));
  await overtaken.waitFor();
  expect(await preRoll.inputValue()).toBe('7');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('yard was changed').first().waitFor();
  expect(await written()).toContain('mode: motion # some of it');
  expect(await written()).toContain('preRoll: 7s');
  await overtaken.waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'Mode' }).getByText('Events, when something moves').waitFor();

  await preRoll.fill('9');
  await edit((await written()).replace('preRoll: 7s', 'preRoll: 8s'));
  await overtaken.waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await overtaken.waitFor({ state: 'detached' });
  expect(await preRoll.inputValue()).toBe('8');

  await preRoll.fill('301');
  await page.getByRole('button', { name: 'Save' }).click();
  const refusal = page.getByRole('alert').filter({ hasText: /^Expected .* to 5 min\.$/ });
  await refusal.waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await refusal.waitFor({ state: 'detached' });
  expect(await preRoll.inputValue()).toBe('8');
});

browserTest(
  'rules of retention are saved when what they delete is known, and disabled where others decide',
  async () => {
    await site.recorded(page, 'yard', 4_000);
    await goTo('settings/retention/yard');
    await page.getByLabel('Events, at most (days)', { exact: true }).fill('2');
    await page.getByRole('table', { name: 'What that comes to' }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Retention was changed').first().waitFor();
    expect(await written()).toMatch(/retention:\n\s+eventMaxAge: 2d/);
    expect(await written()).toContain('# behind it');
    await page.getByLabel('Guaranteed (days)').fill('3');
    await page.getByRole('alert').filter({ hasText: 'because of another field' }).waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await writeFile(join(site.folder, 'preroll.local.yaml'), 'retention: { minFree: 1GB }\n');
    await goTo('settings/retention');
    await page.getByText('preroll.local.yaml').first().waitFor();
    expect(await page.getByLabel('Kept free on each disk (GB)').isDisabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
  },
);
