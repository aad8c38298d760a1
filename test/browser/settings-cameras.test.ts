import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { recordingsOf } from '../e2e/recordings.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest, DESKTOP, openBrowser, openPage } from './browser.ts';
import { RecordedSite } from './recorded-site.ts';

const LOGIN = { username: 'eva', password: 'canary-p@ss word' };

let browser: Browser;
let page: Page;
let site: RecordedSite;
let kept: FakeCamera;
/** The file before anybody changed anything. */
let text: string;
const cameras: FakeCamera[] = [];

async function fakeCamera(name: string, isLocked = false): Promise<FakeCamera> {
  const main = await testClip({ ...TINY, loopSeconds: 4 });
  const lock = isLocked ? { authentication: { scheme: 'digest', ...LOGIN } as const } : {};
  const paths = { mainPath: '/stream1', subPath: '/stream2' };
  const camera = await FakeCamera.start({ clock: systemClock, main, sub: main, name, ...paths, ...lock });
  cameras.push(camera);
  return camera;
}

const path = (): string => join(site.folder, 'preroll.yaml');
const file = (): Promise<string> => readFile(path(), 'utf8');

beforeEach(async () => {
  kept = await fakeCamera('kept');
  text = `# Our house. Ask Ida before you change anything.
cameras:
  kept: # by the door
    url: ${kept.url}
    mode: always # night and day
    # mode: motion

# An hour a file.
archive: { segmentLength: 1h }
web: { listen: loopback }
`;
  site = await RecordedSite.start({ config: text });
  await site.recorder.says('[kept] connected');
  browser = await openBrowser();
  page = await openPage(browser);
  await site.signIn(page);
  await page.goto(`${site.url}settings/cameras`);
  await page.getByText('kept', { exact: true }).waitFor();
});
afterEach(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
  for (const camera of cameras.splice(0)) await camera[Symbol.asyncDispose]();
});

/** Every picture of the camera that was not touched, in one file. */
async function expectNothingLost(): Promise<void> {
  await site.recorder.interrupt();
  const recordings = await recordingsOf(join(site.folder, 'archive'), 'kept');
  expect(recordings).toHaveLength(1);
  const [report] = reportStamps(recordings.flatMap(({ stamps }) => stamps)).values();
  expect(report).toMatchObject({ missing: [], duplicated: 0 });
}

/** Waits for the picture of a tested camera. */
async function untilPicture(): Promise<void> {
  const picture = page.getByRole('img', { name: 'The camera’s picture' });
  const widthPx = () =>
    picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));
  await expect.poll(widthPx).toBe(TINY.widthPx);
}

browserTest(
  'a camera is tested, added, moved and removed, and another one loses no picture by it',
  async () => {
    const gate = await fakeCamera('gate', true);
    await page.getByRole('button', { name: 'Add a camera' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('gate');
    // By a key and by a press beside it: what was typed stays.
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    for (const close of [() => page.mouse.click(5, 5), () => page.keyboard.press('Escape')]) {
      await close();
      await question.getByRole('button', { name: 'Cancel' }).click();
      await question.waitFor({ state: 'hidden' });
      expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('gate');
    }
    // Whoever uses the keyboard types on.
    const name = dialog.getByLabel('Name', { exact: true });
    await name.focus();
    await page.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
    await dialog.getByLabel('Address', { exact: true }).fill(gate.url);
    await dialog.getByLabel('User name of the camera').fill(LOGIN.username);
    await dialog.getByLabel('Password of the camera').fill('wrong');
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByText('The camera wants another user name or password.').waitFor();
    await dialog.getByLabel('Password of the camera').fill(LOGIN.password);
    await dialog.getByRole('button', { name: 'Test' }).click();
    await untilPicture();
    await dialog.getByText(`${TINY.widthPx}×${TINY.heightPx}`).waitFor();
    const offered = dialog.getByText(`Look for motion in the smaller stream ${gate.subUrl}`);
    await offered.waitFor();
    // What was found is found no more where another address is written.
    await dialog.getByLabel('Address', { exact: true }).fill(`${gate.url}/elsewhere`);
    await offered.waitFor({ state: 'hidden' });
    await dialog.getByLabel('Address', { exact: true }).fill(gate.url);
    await offered.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel('Name', { exact: true }).press('Enter');
    await page.getByText('gate was added').first().waitFor();
    await site.recorder.says('[gate] connected');
    expect(await file()).toBe(
      text.replace(
        '    # mode: motion\n',
        `    # mode: motion
  gate:
    url: ${gate.url}
    username: eva
    password: ${LOGIN.password}
    subUrl: ${gate.subUrl}
`,
      ),
    );

    const moved = await fakeCamera('moved', true);
    await page.getByRole('button', { name: 'Change gate' }).click();
    await dialog.getByLabel('Address', { exact: true }).fill(moved.url);
    // Too small for all of it: what the test has found comes into sight.
    await page.setViewportSize({ width: 390, height: 600 });
    const test = dialog.getByRole('button', { name: 'Test' });
    await test.click();
    // By the password that the page was never told.
    await untilPicture();
    const bottomPx = async () => {
      const box = await page.getByRole('img', { name: 'The camera’s picture' }).boundingBox();
      return box === null ? Number.NaN : box.y + box.height;
    };
    await expect.poll(bottomPx).toBeLessThanOrEqual((await test.boundingBox())?.y ?? Number.NaN);
    await page.setViewportSize(DESKTOP);
    await expect
      .poll(() => dialog.getByLabel('Address of its smaller stream').inputValue())
      .toBe(moved.subUrl);
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('gate was changed').first().waitFor();
    await site.recorder.says('[gate] connected', 2);
    expect(await file()).toContain(
      `    url: ${moved.url}\n    username: eva\n    password: ${LOGIN.password}\n`,
    );
    expect(await page.content()).not.toContain('canary');

    await page.getByRole('button', { name: 'Remove gate' }).click();
    await page
      .getByRole('dialog')
      .or(page.getByRole('alertdialog'))
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('gate was removed').first().waitFor();
    await site.recorder.says('removed gate');
    expect(await file()).toBe(text);
    expect(site.recorder.stderr).not.toContain('canary');
    await expectNothingLost();
  },
);

browserTest('an address that is moved keeps the login that is written in it', async () => {
  const gate = await fakeCamera('gate', true);
  const moved = await fakeCamera('moved', true);
  const login = `eva:${encodeURIComponent(LOGIN.password)}@`;
  const withLogin = (url: string): string => url.replace('rtsp://', `rtsp://${login}`);
  await writeFile(
    path(),
    text.replace('cameras:\n', `cameras:\n  gate: { url: "${withLogin(gate.url)}" }\n`),
  );
  await page.getByRole('button', { name: 'Change gate' }).click();
  const address = page.getByRole('dialog').getByLabel('Address', { exact: true });
  await expect.poll(() => address.inputValue()).toBe(gate.url);
  await address.fill(moved.url);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('gate was changed').first().waitFor();
  expect(await file()).toContain(withLogin(moved.url));
  await expect.poll(() => moved.requests.some(({ method }) => method === 'PLAY')).toBe(true);
});

browserTest(
  'a camera is switched off in its dialog, which leads to no second place for what has a page',
  async () => {
    await page.getByRole('button', { name: 'Change kept' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('switch', { name: 'Switched on' }).click();
    const elsewhere = dialog.getByRole('combobox', { name: 'Mode' }).or(dialog.getByRole('slider'));
    expect(await elsewhere.count()).toBe(0);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('kept was changed').first().waitFor();
    await page.getByText('switched off', { exact: true }).waitFor();
    expect(await file()).toContain('enabled: false');
    await page.getByRole('link', { name: 'What is recorded of kept' }).click();
    await page.getByRole('combobox', { name: 'Mode' }).waitFor();
    // A broken file is told here too.
    await writeFile(path(), text.replace('mode: always', 'mode: often'));
    await page.getByRole('alert').filter({ hasText: 'the former one holds' }).waitFor();
  },
);

browserTest(
  'what is edited by hand is on the page at once, a broken file is told there and changes nothing',
  async () => {
    await writeFile(path(), text.replace('cameras:\n', 'cameras:\n  hand: { url: "demo:" }\n'));
    await page.getByText('hand', { exact: true }).waitFor();
    await site.recorder.says('added hand');
    await writeFile(path(), text.replace('mode: always', 'mode: often'));
    const told = page.getByRole('alert');
    await told.waitFor();
    expect(await told.innerText()).toMatch(
      /cannot be used as it stands, the former one holds: .*preroll\.yaml:5.*mode/s,
    );
    // What holds is still shown, and still recorded.
    await page.getByText('hand', { exact: true }).waitFor();
    await page.reload();
    await page.getByRole('alert').or(page.getByText('the former one holds')).first().waitFor();
    await writeFile(path(), text);
    await page.getByText('kept', { exact: true }).waitFor();
    await told.waitFor({ state: 'detached' });
    await site.recorder.says('removed hand');
    await expectNothingLost();
  },
);

browserTest('a file that may not be written is left as it is', async () => {
  await chmod(path(), 0o444);
  await page.reload();
  await page.getByText('write-protected').waitFor();
  expect(await page.getByRole('button', { name: 'Add a camera' }).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Remove kept' }).count()).toBe(0);
  const { version } = (await (await page.request.get(`${site.url}api/settings`)).json()) as {
    version: string;
  };
  const answer = await page.request.patch(`${site.url}api/settings`, {
    data: { version, edits: [{ kind: 'remove', path: ['cameras', 'kept'] }] },
    headers: { origin: new URL(site.url).origin },
  });
  expect(answer.status()).toBe(409);
  expect(await file()).toBe(text);
});
