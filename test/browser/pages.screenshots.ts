import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { browserTest, openBrowser, openPage } from './browser.ts';
import { startDemoCameras } from './demo-cameras.ts';
import { RecordedSite } from './recorded-site.ts';

const FOLDER = join(process.cwd(), '.cache', 'screenshots');
const NAMES = ['Driveway', 'Front door', 'Garden', 'Garage'];
const EVENTS = 6;
/** Pictures, and what fades in. */
const SETTLED_MS = 4_000;

/** Each page, and what has to be in sight before it is pictured. */
const PAGES: readonly {
  readonly name: string;
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
}[] = [
  { name: 'live', path: 'live' },
  { name: 'timeline', path: 'timeline' },
  { name: 'events', path: 'events' },
  { name: 'exports', path: 'exports' },
  { name: 'settings', path: 'settings' },
  { name: 'settings-cameras', path: 'settings/cameras' },
  { name: 'settings-camera', path: 'settings/cameras/Driveway' },
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

browserTest('pictures of every page', async () => {
  await mkdir(FOLDER, { recursive: true });
  await using demo = await startDemoCameras(NAMES.length);
  const cameras = demo.cameras.map(({ url, subUrl }, i) => [
    NAMES[i] ?? url,
    { url, subUrl, mode: 'always+motion' },
  ]);
  await using site = await RecordedSite.start({ config: { cameras: Object.fromEntries(cameras) } });
  await site.recorder.says('event: motion', EVENTS);
  const browser = await openBrowser();
  try {
    for (const look of LOOKS) {
      const page = await openPage(browser, look);
      await page.goto(site.url);
      await page.screenshot({ path: join(FOLDER, `sign-in-${look.name}.png`) });
      await site.signIn(page);
      for (const { name, path, act } of PAGES) {
        await page.goto(`${site.url}${path}`);
        await act?.(page);
        await page.waitForTimeout(SETTLED_MS);
        await page.screenshot({ path: join(FOLDER, `${name}-${look.name}.png`) });
      }
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
});
